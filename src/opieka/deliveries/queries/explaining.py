"""Why a parcel will probably be late, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opieka.deliveries.types import DelayCause

Said = Callable[[int, int], str]


def explain(why: str) -> str:
    """A parcel's `why` as a sentence in the reader's language; "" for none, or for one of another version."""
    code, *numbers = why.split(":")
    if code not in SENTENCES or len(numbers) != 2 or not all(number.isdigit() for number in numbers):
        return ""
    return SENTENCES[DelayCause(code)](int(numbers[0]), int(numbers[1]))


def _left(days: int) -> str:
    return ngettext("%(days)d day is left", "%(days)d days are left", days) % {"days": days}


def _takes(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


SENTENCES: Mapping[DelayCause, Said] = {
    DelayCause.PROMISE_PASSED: lambda since, _none: (
        _("The promise passed %(days)s ago.") % {"days": _takes(since)}
    ),
    DelayCause.LONG_UNDER_WAY: lambda so_far, usual: (
        _("Under way for %(days)s; usual is %(usual)s.") % {"days": _takes(so_far), "usual": _takes(usual)}
    ),
    DelayCause.LANE_HELD_UP: lambda slower, left: (
        _("Parcels there take %(slower)d%% longer at the moment; %(left)s.")
        % {"slower": slower, "left": _left(left)}
    ),
    DelayCause.SENDER_SLOW: lambda usual, left: (
        _("Parcels of this sender usually take %(usual)s; %(left)s.")
        % {"usual": _takes(usual), "left": _left(left)}
    ),
    DelayCause.LANE_SLOW: lambda usual, left: (
        _("Parcels there usually take %(usual)s; %(left)s.") % {"usual": _takes(usual), "left": _left(left)}
    ),
    DelayCause.PROMISE_SHORT: lambda usual, left: (
        _("Such parcels usually take %(usual)s; %(left)s.") % {"usual": _takes(usual), "left": _left(left)}
    ),
    DelayCause.NOT_HANDED_OVER: lambda so_far, usual: (
        _("Waiting for the hand-over for %(days)s; usual is %(usual)s.")
        % {"days": _takes(so_far), "usual": _takes(usual)}
    ),
    DelayCause.NOT_OUT_YET: lambda _none, left: (
        _("Not out for delivery yet; %(left)s.") % {"left": _left(left)}
    ),
}
