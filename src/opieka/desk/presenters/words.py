"""Single words for codes: channels, states, kinds of contact points, roles."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opieka.conversations.types import State, View
from opieka.customers.types import ConsentSource, ContactKind, Purpose, Reach
from opieka.desk.pages.parts import Chip, Tone
from opieka.orders.types import NoticeKind
from opieka.shops.types import Permission, Role

Word = str | Promise

_CHANNELS: Mapping[str, Word] = {
    "email": _("E-mail"),
    "chat": _("Chat"),
    "sms": _("SMS"),
    "whatsapp": "WhatsApp",
    "messenger": "Messenger",
    "telegram": "Telegram",
    "viber": "Viber",
    "phone": _("Phone"),
    "portal": _("Customer portal"),
    "console": _("Console"),
    "memory": _("Memory"),
    "push": _("Push message"),
}
PURPOSES: Mapping[Purpose, Word] = {
    Purpose.SERVICE: _("Service messages"),
    Purpose.MARKETING: _("Advertising"),
    Purpose.SURVEYS: _("Surveys"),
    Purpose.QUALITY: _("Recordings for quality"),
}
CONSENT: Mapping[bool, Word] = {True: _("Allowed"), False: _("Not allowed")}
CONSENT_SOURCES: Mapping[ConsentSource, Word] = {
    ConsentSource.FORM: _("by a form"),
    ConsentSource.AGENT: _("told to the desk"),
    ConsentSource.IMPORT: _("imported"),
    ConsentSource.CUSTOMER: _("set by the customer"),
}
STATES: Mapping[State, tuple[Word, Tone]] = {
    State.OPEN: (pgettext_lazy("conversation", "Open"), Tone.NEW),
    State.WAITING: (_("Waiting for the customer"), Tone.PLAIN),
    State.SNOOZED: (_("Snoozed"), Tone.SOON),
    State.RESOLVED: (_("Resolved"), Tone.DONE),
    State.SPAM: (_("Spam"), Tone.LATE),
}
VIEWS: Mapping[View, Word] = {
    View.MINE: _("Mine"),
    View.UNASSIGNED: _("Unassigned"),
    View.OPEN: _("All open"),
    View.WAITING: _("Waiting"),
    View.SNOOZED: pgettext_lazy("conversations", "Snoozed"),
    View.RESOLVED: pgettext_lazy("conversations", "Resolved"),
    View.SPAM: _("Spam"),
    View.ALL: _("Everything"),
}
POINTS: Mapping[ContactKind, tuple[Word, str, str]] = {
    ContactKind.EMAIL: (_("E-mail"), "mail", "mailto:"),
    ContactKind.PHONE: (_("Phone"), "phone", "tel:"),
    ContactKind.WHATSAPP: ("WhatsApp", "brand-whatsapp", ""),
    ContactKind.TELEGRAM: ("Telegram", "brand-telegram", ""),
    ContactKind.MESSENGER: ("Messenger", "brand-messenger", ""),
    ContactKind.VIBER: ("Viber", "brand-viber", ""),
    ContactKind.PUSH: (_("Push message"), "bell", ""),
    ContactKind.SHOP_ACCOUNT: (_("Account in the shop"), "shopping-bag", ""),
}
ROLES: Mapping[Role, tuple[Word, Word]] = {
    Role.OWNER: (_("Owner"), _("everything, settings and staff included")),
    Role.LEAD: (_("Team lead"), _("answers, imports, exports, and repairs what was set aside")),
    Role.AGENT: (_("Agent"), _("answers and merges customers")),
    Role.ASSOCIATE: (_("Store associate"), _("answers")),
    Role.ANALYST: (_("Analyst"), _("reads only")),
}
SCOPES: Mapping[Permission, Word] = {
    Permission.READ: _("Read everything of the shop"),
    Permission.ANSWER: _("Answer customers"),
    Permission.MERGE: _("Merge customers"),
    Permission.IMPORT: _("Import orders"),
    Permission.REPAIR: _("Retry what was set aside"),
    Permission.EXPORT: _("Take customers along as a file"),
    Permission.PRIVACY: _("Hand out and erase a customer's data"),
    Permission.SETTINGS: _("Change settings"),
    Permission.STAFF: _("Manage staff"),
}

CONNECTORS: Mapping[str, str] = {"shopify": "Shopify", "woocommerce": "WooCommerce"}

NOTICES: Mapping[NoticeKind, Word] = {
    NoticeKind.UNKNOWN_WORD: _("A word the shop's system uses is not known here"),
    NoticeKind.UNKNOWN_TOPIC: _("The shop's system told of something that is not known here"),
    NoticeKind.UNREADABLE: _("A report could not be read"),
    NoticeKind.REFUSED: _("A row could not be an order"),
    NoticeKind.DELETED_IN_SHOP: _("Deleted in the shop; it stays here"),
    NoticeKind.PRIVACY_REQUEST: _("The shop's system asks to show or erase a customer's data"),
    NoticeKind.DISCONNECTED: _("The shop's system has ended the connection"),
}


def channel(code: str) -> str:
    """A channel's name."""
    return str(_CHANNELS.get(code, code))


def state(value: State) -> Chip:
    """A conversation's state."""
    word, tone = STATES[value]
    return Chip(str(word), tone)


def reach(value: Reach) -> Chip | None:
    """What is wrong with a contact point; None when nothing is."""
    if value is Reach.OK:
        return None
    if value is Reach.SOFT:
        return Chip(str(_("Last message came back")), Tone.SOON, "alert-triangle")
    return Chip(str(_("Undeliverable")), Tone.LATE, "alert-circle")
