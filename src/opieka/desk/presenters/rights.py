"""What a person allows, and what she may ask of the shop about her data."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from opieka.customers.types import CustomerCard, Said
from opieka.desk.forms.rights import NO, YES, ConsentForm
from opieka.desk.pages.parts import Act, Chip, Tone
from opieka.desk.pages.rights import ConsentLine, Rights
from opieka.desk.presenters import fields, words
from opieka.desk.presenters.reader import Reader


def panel(card: CustomerCard, consents: Sequence[Said], reader: Reader, *, say: ConsentForm | None) -> Rights:
    """The panel of the customer page; without `say` to read only."""
    own = reverse("desk:say_consent", args=[card.id])
    return Rights(
        consents=tuple(_consent(one, own if say else "", reader) for one in consents),
        say=fields.single(say, own, _("Write down")) if say else None,
    )


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
