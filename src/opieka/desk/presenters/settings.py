"""The frame of the settings, and the lists in them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from opieka.channels import queries as channels
from opieka.channels.types import AccountCard, Receiving, Sending
from opieka.desk.forms import mailbox
from opieka.desk.pages.parts import Chip, Choice, Empty, Link, Tone
from opieka.desk.pages.settings import MailboxesPage, MailboxRow, SettingsFrame, Tab
from opieka.desk.presenters.reader import Reader
from opieka.desk.seat import Desk
from opieka.shops.types import Permission, ShopCard


def frame(desk: Desk, shop: ShopCard, part: str, *, title: str, text: str = "") -> SettingsFrame:
    """What every settings screen shows; `part` is the name of its first view."""
    return SettingsFrame(title, text, _tabs(desk, shop, part), _shops(desk, shop, part))


def _tabs(desk: Desk, shop: ShopCard, part: str) -> tuple[Tab, ...]:
    each = (
        ("desk:shop", _("Shop"), "building-store", Permission.SETTINGS),
        ("desk:mailboxes", _("Mailboxes"), "mailbox", Permission.SETTINGS),
        ("desk:preferences", _("Conversations"), "message-circle", Permission.SETTINGS),
        ("desk:answers", _("Saved answers"), "message-2-bolt", Permission.SETTINGS),
        ("desk:connections", _("Orders come from"), "plug", Permission.SETTINGS),
        ("desk:staff", _("Staff"), "users", Permission.STAFF),
        ("desk:tokens", _("Keys for programs"), "key", Permission.SETTINGS),
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


def mailboxes(found: list[AccountCard], shop: ShopCard, reader: Reader, page: SettingsFrame) -> MailboxesPage:
    """Every mailbox and whether it works."""
    empty = Empty(
        _("No mailbox yet"),
        _("With a mailbox, what customers write arrives in the inbox, and answers leave from it."),
        "mailbox",
    )
    add = Link(_("Open a mailbox"), reverse("desk:new_mailbox", args=[shop.slug]))
    return MailboxesPage(page, tuple(_mailbox(one, shop, reader) for one in found), add, empty)


def _mailbox(one: AccountCard, shop: ShopCard, reader: Reader) -> MailboxRow:
    receives, sends = dict(mailbox.RECEIVING), dict(mailbox.SENDING) | {"memory": _("Nowhere (tests)")}
    last = max((at for at in (one.received_at, one.sent_at) if at), default=None)
    return MailboxRow(
        address=one.address,
        href=reverse("desk:mailbox", args=[shop.slug, one.id]),
        receives=str(receives[one.receiving]),
        sends=str(sends[one.sending]),
        state=_state(one),
        last=reader.when(last) if last else None,
        trouble=troubles(one),
    )


def troubles(one: AccountCard) -> str:
    """What does not work, and what to do about it."""
    said = (
        (one.receive_trouble, one.receive_detail, one.receiving is not Receiving.NONE),
        (one.send_trouble, one.send_detail, one.sending is not Sending.NONE),
    )
    return " ".join(
        dict.fromkeys(
            channels.sentence(trouble, detail) for trouble, detail, used in said if trouble and used
        )
    )


def _state(one: AccountCard) -> Chip:
    if not one.active:
        return Chip(_("Rests"))
    if troubles(one):
        return Chip(_("Needs attention"), Tone.LATE, "alert-circle")
    return Chip(_("Works"), Tone.DONE)
