"""The mailboxes of a shop, and whether they work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.channels import queries as channels
from opieka.channels.types import AccountCard, Receiving, Sending
from opieka.desk.forms import mailbox
from opieka.desk.pages.parts import Chip, Empty, Link, Tone
from opieka.desk.pages.settings import MailboxesPage, MailboxRow, SettingsFrame
from opieka.desk.presenters.reader import Reader
from opieka.desk.presenters.tables import Asked, Cell, Heading, Word, narrowing, table
from opieka.shops.types import ShopCard

HEADINGS = (
    Heading(gettext_lazy("Address"), "address"),
    Heading(gettext_lazy("Receives")),
    Heading(gettext_lazy("Sends")),
    Heading(gettext_lazy("Last mail"), "last", date=True),
    Heading(gettext_lazy("State")),
)
CELLS = (*(heading.label for heading in HEADINGS), gettext_lazy("What does not work"))
"""The heads of the file."""
STATES: Mapping[str, Word] = {
    "works": gettext_lazy("Works"),
    "trouble": gettext_lazy("Needs attention"),
    "rests": gettext_lazy("Rests"),
}
_TONES = {"works": (Tone.DONE, ""), "trouble": (Tone.LATE, "alert-circle"), "rests": (Tone.PLAIN, "")}


def page(
    found: Sequence[AccountCard], shop: ShopCard, reader: Reader, frame: SettingsFrame, asked: Asked
) -> MailboxesPage:
    """Those the address asks for."""
    empty = Empty(
        _("No mailbox yet"),
        _("With a mailbox, what customers write arrives in the inbox, and answers leave from it."),
        "mailbox",
    )
    if found:
        empty = Empty(_("No such mailbox"), _("None is in this state now."), "mailbox")
    add = Link(_("Open a mailbox"), reverse("desk:new_mailbox", args=[shop.slug]))
    by_state = narrowing(asked, "state", _("State"), STATES.items())
    export = reverse("desk:export_mailboxes", args=[shop.slug])
    return MailboxesPage(
        frame,
        tuple(_mailbox(one, shop, reader) for one in chosen(found, asked)),
        table(asked, HEADINGS, filters=[by_state] if len(found) > 1 else [], export=export),
        add,
        empty,
    )


def chosen(found: Sequence[AccountCard], asked: Asked) -> list[AccountCard]:
    """Those of the state and in the order that the address asks for."""
    wanted = [one for one in found if asked.chosen["state"] in {"", _state(one)}]
    if asked.sort == "address":
        return sorted(wanted, key=lambda one: one.address, reverse=asked.down)
    return sorted(wanted, key=lambda one: at.timestamp() if (at := _last(one)) else 0.0, reverse=asked.down)


def cells(one: AccountCard) -> tuple[Cell, ...]:
    """One row of the file."""
    return (one.address, *_ways(one), _last(one), str(STATES[_state(one)]), troubles(one))


def _last(one: AccountCard) -> datetime | None:
    return max((at for at in (one.received_at, one.sent_at) if at), default=None)


def _ways(one: AccountCard) -> tuple[str, str]:
    receives, sends = dict(mailbox.RECEIVING), dict(mailbox.SENDING) | {"memory": _("Nowhere (tests)")}
    return str(receives[one.receiving]), str(sends[one.sending])


def _mailbox(one: AccountCard, shop: ShopCard, reader: Reader) -> MailboxRow:
    receives, sends = _ways(one)
    last = _last(one)
    return MailboxRow(
        address=one.address,
        href=reverse("desk:mailbox", args=[shop.slug, one.id]),
        receives=receives,
        sends=sends,
        state=state(one),
        last=reader.when(last) if last else None,
        trouble=troubles(one),
    )


def state(one: AccountCard) -> Chip:
    """Whether it works."""
    found = _state(one)
    return Chip(str(STATES[found]), *_TONES[found])


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


def _state(one: AccountCard) -> str:
    if not one.active:
        return "rests"
    return "trouble" if troubles(one) else "works"
