"""What a person allows, and what she may ask of the shop about her data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opieka.customers.types import CustomerCard, ExportCard, Said
from opieka.desk.forms.rights import NO, YES, ConsentForm, EraseForm
from opieka.desk.pages.parts import Act, Chip, Link, Tone
from opieka.desk.pages.rights import ConsentLine, CopyLine, ErasePage, Rights
from opieka.desk.presenters import fields, people, words
from opieka.desk.presenters.reader import Reader


@dataclass(frozen=True)
class May:
    """What the reader may do: write words down, have copies made, erase."""

    write: bool
    copy: bool
    erase: bool


def panel(
    card: CustomerCard,
    consents: Sequence[Said],
    copies: Sequence[ExportCard],
    reader: Reader,
    *,
    say: ConsentForm,
    may: May,
) -> Rights:
    """The panel of the customer page."""
    own = reverse("desk:say_consent", args=[card.id])
    asked = Act(_("Make a copy of all data"), reverse("desk:copy", args=[card.id]), "download")
    return Rights(
        consents=tuple(_consent(one, own if may.write else "", reader) for one in consents),
        say=fields.single(say, own, _("Write down")) if may.write else None,
        copy=asked if may.copy else None,
        copies=tuple(_copy(one, reader) for one in copies),
        live=f"customer:{card.id}",
        erase=reverse("desk:erase", args=[card.id]) if may.erase else "",
    )


def _copy(one: ExportCard, reader: Reader) -> CopyLine:
    asked = reader.day_and_time(one.requested_at)
    if one.ready_at is None:
        return CopyLine(asked, _("Being made…"), "")
    kept = _("%(size)s, kept until %(when)s") % {
        "size": filesizeformat(one.size),
        "when": reader.day(one.expires_at),
    }
    return CopyLine(asked, kept, reverse("desk:fetch_copy", args=[one.id]))


def _consent(said: Said, action: str, reader: Reader) -> ConsentLine:
    given = said.given
    other = (
        ("purpose", said.purpose.value),
        ("channel", said.channel.value),
        ("word", NO if given else YES),
        ("wording", ""),
    )
    return ConsentLine(
        what=f"{words.PURPOSES[said.purpose]} · {words.channel(said.channel)}",
        detail=" · ".join(filter(None, (str(words.CONSENT_SOURCES[said.source]), said.wording))),
        chip=Chip(str(words.CONSENT[given]), Tone.DONE if given else Tone.LATE),
        when=reader.when(said.at),
        change=Act(_("Withdraw"), action, "", other) if action and given else None,
    )


def erasing(card: CustomerCard, form: EraseForm, *, talks: int, orders: int) -> ErasePage:
    """What is lost for ever, what stays, and the name to be typed."""
    points = len(card.points)
    counted = [
        (points, ngettext("%(count)s contact point", "%(count)s contact points", points)),
        (
            talks,
            ngettext(
                "%(count)s conversation with all texts, notes and files",
                "%(count)s conversations with all texts, notes and files",
                talks,
            ),
        ),
        (
            orders,
            ngettext(
                "name, address and notes of %(count)s order",
                "names, addresses and notes of %(count)s orders",
                orders,
            ),
        ),
    ]
    lost = [
        _("The name and the language"),
        *(capfirst(text % {"count": count}) for count, text in counted if count),
        _("What was allowed, which people were merged, and every raw mail"),
        _("Answers that have not left yet are not sent"),
    ]
    stays = [
        _("Of orders: number, goods, amounts, payments and refunds, as the books need them"),
        _("That and when something happened, under a number nobody can trace to a person"),
    ]
    back = Link(card.title, reverse("desk:customer", args=[card.id]))
    action = reverse("desk:erase", args=[card.id])
    shown = fields.single(form, action, _("Erase for ever"), cancel=Link(_("Cancel"), back.href))
    return ErasePage(people.customer(card), back, tuple(lost), tuple(stays), replace(shown, final=True))
