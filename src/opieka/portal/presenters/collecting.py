"""How a parcel is got out of a locker or a pickup point."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from django.utils.translation import gettext as _

from opieka.deliveries.types import PagePreferences, PointCard
from opieka.portal.pages import Collecting
from opieka.portal.presenters.choices import opening

_GROUP = 3


@dataclass(frozen=True)
class AtPoint:
    """What is known of a parcel that waits: the code of its locker ("" when nobody told it), its point, and whom the
    shop lets show the way."""

    code: str
    point: PointCard | None
    wanted: PagePreferences


def collecting(known: AtPoint) -> Collecting | None:
    """The code and the way; None where there is neither."""
    point = known.point
    way = known.wanted.directions(point.latitude, point.longitude) if point else ""
    hours = _("Open: %(hours)s") % {"hours": opening(point.hours)} if point and point.hours else ""
    if not (known.code or way or hours):
        return None
    return Collecting(_spaced(known.code), _qr(known.code) if known.code else "", hours, way)


def placed(point: PointCard) -> str:
    """Where the parcel is, as one finds it."""
    place = ", ".join(part for part in (point.name, point.street, point.city) if part)
    return _("It is at %(place)s.") % {"place": place}


def _spaced(code: str) -> str:
    """A long number in groups, as it is read from a screen and typed in."""
    if not code.isdecimal() or len(code) <= _GROUP + 1:
        return code
    return " ".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def _qr(code: str) -> str:
    """Dark on white with its quiet zone, in any theme: machines read nothing else."""
    drawn = segno.make(code, error="m", micro=False)
    return drawn.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None)
