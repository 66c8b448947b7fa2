"""The frame of the settings, and the lists in them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from opieka.desk.pages.parts import Choice
from opieka.desk.pages.settings import SettingsFrame, Tab
from opieka.desk.seat import Desk
from opieka.shops.types import Permission, ShopCard


def frame(desk: Desk, shop: ShopCard, part: str, *, title: str, text: str = "") -> SettingsFrame:
    """What every settings screen shows; `part` is the name of its first view."""
    return SettingsFrame(title, text, _tabs(desk, shop, part), _shops(desk, shop, part))


def _tabs(desk: Desk, shop: ShopCard, part: str) -> tuple[Tab, ...]:
    each = (
        ("desk:shop", _("Shop"), "building-store", Permission.SETTINGS),
        ("desk:mailboxes", _("Mailboxes"), "mailbox", Permission.SETTINGS),
        ("desk:numbers", _("Text messages"), "device-mobile-message", Permission.SETTINGS),
        ("desk:preferences", _("Conversations"), "message-circle", Permission.SETTINGS),
        ("desk:answers", _("Saved answers"), "message-2-bolt", Permission.SETTINGS),
        ("desk:playbooks", _("Care"), "note", Permission.SETTINGS),
        ("desk:goodwill", _("Goodwill"), "receipt", Permission.SETTINGS),
        ("desk:weights", _("Experience balance"), "history", Permission.SETTINGS),
        ("desk:notices", _("Notices"), "bell", Permission.SETTINGS),
        ("desk:connections", _("Orders come from"), "plug", Permission.SETTINGS),
        ("desk:cancelling", _("Cancelling"), "receipt", Permission.SETTINGS),
        ("desk:carrier_connections", _("Carriers"), "truck-delivery", Permission.SETTINGS),
        ("desk:pages", _("Customers' pages"), "world", Permission.SETTINGS),
        ("desk:staff", _("Staff"), "users", Permission.STAFF),
        ("desk:tokens", _("Keys for programs"), "key", Permission.SETTINGS),
        ("desk:webhooks", _("Webhooks"), "send", Permission.SETTINGS),
    )
    return tuple(
        Tab(name, reverse(view, args=[shop.slug]), icon, view == part)
        for view, name, icon, permission in each
        if desk.may(permission, shop.id)
    )


def _shops(desk: Desk, shop: ShopCard, part: str) -> tuple[Choice, ...]:
    permission = Permission.STAFF if part == "desk:staff" else Permission.SETTINGS
    open_to_her = [desk.shops[shop_id] for shop_id in desk.ids(permission)]
    if len(open_to_her) < 2:
        return ()
    return tuple(
        Choice(reverse(part, args=[one.slug]), one.name, one.id == shop.id)
        for one in sorted(open_to_her, key=lambda one: one.name)
    )
