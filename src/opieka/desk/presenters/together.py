"""What is done with many parcels, in words: how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from opieka.desk.forms.together import Deed, TogetherForm
from opieka.desk.pages.parcels import ProgressPage, Together
from opieka.desk.pages.parts import Field, FieldKind
from opieka.desk.presenters.reader import Reader
from opieka.desk.presenters.tables import Asked
from opieka.desk.seat import Desk
from opieka.shops.types import Permission


def together(desk: Desk, asked: Asked) -> Together | None:
    """What can be done with parcels chosen in the control tower; None without the right."""
    if not desk.may(Permission.ANSWER):
        return None
    listing, action = reverse("desk:parcels"), reverse("desk:together")
    return Together(
        action=action + asked.address().removeprefix(listing),
        date=(
            Field("day", _("New day"), FieldKind.DATE, required=True),
            Field("from", pgettext("time", "From"), FieldKind.TIME),
            Field("to", pgettext("time", "Until"), FieldKind.TIME),
        ),
        why=Field("why", _("Why"), required=True, hint=_("It stands among the parcel's reports.")),
        export=desk.may(Permission.EXPORT),
    )


def progress(form: TogetherForm, along: Mapping[str, int], reader: Reader, *, action: str) -> ProgressPage:
    """How far it is; what goes along to the next batch."""
    asked = {
        name: form.data[name] for name in ("do", "all", "day", "from", "to", "why") if form.data.get(name)
    }
    counted = {"seen": reader.number(along["seen"]), "total": reader.number(along["total"])}
    return ProgressPage(
        action=action,
        text=_("%(seen)s of %(total)s parcels looked at") % counted,
        seen=along["seen"],
        total=along["total"],
        fields=tuple((name, str(value)) for name, value in (asked | dict(along)).items()),
    )


def nothing() -> str:
    """Nobody chose anything."""
    return _("Choose parcels first.")


def said(deed: Deed, count: int, reader: Reader) -> str:
    """What was done."""
    if not count:
        why = {
            Deed.PROMISE: _("None of these parcels is under way and belongs to an order."),
            Deed.LOST: _("Only parcels that are late or silent can be taken as lost."),
        }
        return why.get(deed, _("None of these parcels is under way."))
    texts = {
        Deed.ASK: ngettext(
            "%(count)s parcel is asked about now.", "%(count)s parcels are asked about now.", count
        ),
        Deed.PROMISE: ngettext(
            "The new date counts for %(count)s order from now on.",
            "The new date counts for %(count)s orders from now on.",
            count,
        ),
        Deed.LOST: ngettext(
            "%(count)s parcel is taken as lost.", "%(count)s parcels are taken as lost.", count
        ),
    }
    return texts[deed] % {"count": reader.number(count)}


def undone(deed: Deed, count: int) -> str:
    """What was undone."""
    texts = {
        Deed.PROMISE: ngettext(
            "What %(count)s customer was told before counts again.",
            "What %(count)s customers were told before counts again.",
            count,
        ),
        Deed.LOST: ngettext(
            "%(count)s parcel is not taken as lost any more.",
            "%(count)s parcels are not taken as lost any more.",
            count,
        ),
    }
    return texts[deed] % {"count": count}
