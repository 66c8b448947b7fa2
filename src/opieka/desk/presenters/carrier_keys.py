"""Connections to carriers in words: what their keys are called and where they are found, where the webhook's address is
entered, and why one does not answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.deliveries.types import CarrierCard, ConnectionCard
from opieka.desk.pages.parts import Chip, Tone
from opieka.desk.pages.settings import ListRow, RowGroup
from opieka.desk.presenters.reader import Reader
from opieka.shops.types import ShopCard

Word = str | Promise

LABELS: Mapping[str, Word] = {
    "api_key": gettext_lazy("API key"),
    "api_password": gettext_lazy("API password"),
    "channel": gettext_lazy("Channel"),
    "client_id": gettext_lazy("Client ID"),
    "client_secret": gettext_lazy("Client secret"),
    "company_id": gettext_lazy("Company ID"),
    "company_password": gettext_lazy("Company password"),
    "connector": gettext_lazy("Connector"),
    "country": gettext_lazy("Country (gr, cy, bg or hr)"),
    "login": gettext_lazy("Login"),
    "partner_id": gettext_lazy("Partner ID"),
    "partner_key": gettext_lazy("Partner key"),
    "password": gettext_lazy("Password"),
    "phone": gettext_lazy("Phone number of the sender"),
    "pickup_key": gettext_lazy("Key of the pickup points"),
    "settings": gettext_lazy("Settings of the connector, as JSON"),
    "shelf": gettext_lazy("Shelf"),
    "user_id": gettext_lazy("User ID"),
    "user_password": gettext_lazy("User password"),
    "username": gettext_lazy("User name"),
    "webapi_password": gettext_lazy("Password of DHL24"),
    "webapi_username": gettext_lazy("User name of DHL24"),
    "webhook_secret": gettext_lazy("Webhook secret"),
    "webhook_token": gettext_lazy("Webhook token"),
    "zone": gettext_lazy("Time zone of its places"),
}
KEYS: Mapping[str, Word] = {
    "inpost": gettext_lazy("InPost answers without a key."),
    "dpd": gettext_lazy("Login and password of DPD InfoServices; DPD gives them with the contract."),
    "dhl": gettext_lazy(
        "Copy the key from an app of developer.dhl.com that may use Shipment Tracking – Unified. For parcels within "
        "Poland add the account of DHL24."
    ),
    "gls": gettext_lazy("Copy them from an app of dev-portal.gls-group.net that may use Track And Trace V1."),
    "ups": gettext_lazy("Copy them from an app of developer.ups.com that may use Tracking."),
    "fedex": gettext_lazy("Copy them from a project of developer.fedex.com that may use Track."),
    "acs": gettext_lazy("ACS gives them with the contract."),
    "elta": gettext_lazy("ELTA answers without a key."),
    "boxnow": gettext_lazy("Copy them from the partner portal: Settings, Partner API."),
    "speedex": gettext_lazy(
        "User name and password of the web service; Speedex gives them with the contract."
    ),
    "nova_poshta": gettext_lazy(
        "Copy the key from new.novaposhta.ua: Settings, Security. With the sender's phone number it tells more."
    ),
    "cdek": gettext_lazy("Copy them from lk.cdek.ru: Integration."),
    "poczta_polska": gettext_lazy(
        "User name and password of the tracking service; its documentation names one for everybody."
    ),
    "orlen": gettext_lazy("ORLEN Paczka gives them with the contract."),
    "packeta": gettext_lazy("Copy the API password from client.packeta.com: Client support."),
    "aftership": gettext_lazy("Copy the secret from admin.aftership.com: Settings, Webhooks."),
    "easypost": gettext_lazy("Make up a long secret and enter it here and there."),
    "seventeentrack": gettext_lazy("Copy the security key from api.17track.net: Settings, Security."),
    "karrio": gettext_lazy(
        "For carriers that have no entry of their own. Name and settings stand in the connector's documentation."
    ),
    "generic": gettext_lazy("Make up a long secret and enter it here and in the program that reports."),
}
"""Where the keys are found. Who is not named here is offered to nobody."""
HOOKS: Mapping[str, Word] = {
    "inpost": gettext_lazy("Enter it in the ShipX manager: My account, API, Webhooks."),
    "boxnow": gettext_lazy(
        "Enter it in the partner portal: Settings, Webhook, and copy the secret that stands there. An account has one "
        "address."
    ),
    "cdek": gettext_lazy(
        "Register it by POST /v2/webhooks with the type ORDER_STATUS, with ?key= and the webhook secret at its end."
    ),
    "orlen": gettext_lazy(
        "Register it by WebhookRegister of the Uniwersalny Pusher, with the authorization OAuth2StaticToken."
    ),
    "aftership": gettext_lazy(
        "Enter it at admin.aftership.com: Settings, Webhooks, for all tracking events."
    ),
    "easypost": gettext_lazy("Enter it in the dashboard: Webhooks, with the same secret."),
    "seventeentrack": gettext_lazy(
        "Enter it at api.17track.net: Settings, WebHook, as version 2.2 or later."
    ),
    "generic": gettext_lazy(
        "Post CSV or JSON there. The header x-opieka-signature is “sha256=” and the HMAC-SHA256 of the body with the "
        "secret, in hexadecimal digits."
    ),
}
"""Where the webhook's address is entered."""
FAILURES: Mapping[str, Word] = {
    "bad_credentials": gettext_lazy("The keys are refused. Enter them again."),
    "not_allowed": gettext_lazy("The keys may not ask about parcels. Give them that right at the carrier."),
    "not_found": gettext_lazy("The carrier knows nothing at the address that is asked."),
    "bad_request": gettext_lazy("The carrier does not understand the question."),
    "busy": gettext_lazy("The carrier asks for patience. It is asked again by itself."),
    "unavailable": gettext_lazy("The carrier is out of order. It is asked again by itself."),
    "unreachable": gettext_lazy("The carrier does not answer. It is asked again by itself."),
    "moved": gettext_lazy("The carrier has moved to another address. A newer version may know it."),
    "not_installed": gettext_lazy("Karrio is not installed here. An administrator has to add it."),
}


def groups(
    carriers: Sequence[CarrierCard], connections: Sequence[ConnectionCard], shop: ShopCard, reader: Reader
) -> tuple[RowGroup, ...]:
    """What is connected, and what could be: carriers, aggregators, and the shop's own programs."""
    known = {card.carrier: card for card in connections if card.active}
    offered = [card for card in carriers if card.name in KEYS or card.name in known]

    def rows(title: Word, cards: Sequence[CarrierCard]) -> RowGroup:
        return RowGroup(str(title), tuple(_row(card, known.get(card.name), shop, reader) for card in cards))

    others = [card for card in offered if card.name not in known]
    found = (
        rows(_("Connected"), [card for card in offered if card.name in known]),
        rows(_("Carriers"), [card for card in others if not card.aggregator]),
        rows(
            _("Aggregators, for parcels of many carriers"),
            [c for c in others if c.aggregator and not c.files],
        ),
        rows(_("Your own programs"), [card for card in others if card.files]),
    )
    return tuple(group for group in found if group.rows)


def failure(card: ConnectionCard) -> str:
    """Why a carrier gave no answer, and what to do; "" when it did."""
    if not card.failure:
        return ""
    said = str(FAILURES.get(card.failure, _("Its answer cannot be understood. It is asked again by itself.")))
    return f"{said} ({card.failure_detail})" if card.failure_detail else said


def state(card: ConnectionCard) -> Chip:
    """How a connection is."""
    if card.failure:
        return Chip(_("Needs attention"), Tone.LATE, "alert-circle")
    if card.heard_at or card.asked_at:
        return Chip(_("Works"), Tone.DONE)
    return Chip(_("Nothing heard yet"), Tone.NEW)


def heard(card: ConnectionCard, reader: Reader) -> str:
    """When it was last asked, when it last reported by itself, and until when it rests."""
    known = (
        (_("Asked last: %(when)s."), card.asked_at),
        (_("Reported by itself last: %(when)s."), card.heard_at),
        (_("Rests until %(when)s."), card.rests_until if card.failure else None),
    )
    return " ".join(text % {"when": reader.day_and_time(at)} for text, at in known if at is not None)


def ways(card: CarrierCard) -> str:
    """How it becomes known what happens to its parcels."""
    if card.polling and card.webhooks:
        return _("Is asked, and reports by itself.")
    return _("Is asked.") if card.polling else _("Reports by itself.")


def _row(card: CarrierCard, connected: ConnectionCard | None, shop: ShopCard, reader: Reader) -> ListRow:
    href = reverse("desk:carrier_connection", args=[shop.slug, card.name])
    if connected is None:
        return ListRow(card.title, href, ways(card), Chip(_("Not connected")))
    last = max((at for at in (connected.heard_at, connected.asked_at) if at), default=None)
    return ListRow(
        card.title,
        href,
        ways(card),
        state(connected),
        reader.when(last) if last else None,
        trouble=failure(connected),
    )
