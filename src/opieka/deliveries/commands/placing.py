"""Whose number it is: from what was said to the parcels it speaks of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from opieka.deliveries.carriers import recognition
from opieka.deliveries.carriers.names import named
from opieka.deliveries.commands.loading import Box, State
from opieka.deliveries.models import Connection, Parcel
from opieka.deliveries.policy import naming
from opieka.deliveries.policy.reports import clean, storable
from opieka.deliveries.types import Notice, NoticeKind, Tracking, TrackingReport
from opieka.orders import queries as orders

_CODE = re.compile(r"[a-z0-9_-]{1,30}")
LONGEST_CODE = 60
WORDS = ("carrier_word", "service", "order_number", "reference", "sender")


@dataclass
class Bundle:
    """All that one call says of one tracking number of one carrier ("" when that is unknown)."""

    carrier: str
    number: str
    reports: list[TrackingReport] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    promise: Tracking | None = None
    code: str = field(default="", repr=False)

    @property
    def order_key(self) -> str:
        """The order its sender names."""
        return orders.number_key(self.words["order_number"])[:100]


def gather(trackings: Iterable[Tracking], shop_id: int, notices: list[Notice]) -> list[Bundle]:
    """What is said, by carrier and number; what cannot be right is noticed and left out."""
    names = Names(shop_id)
    bundles: dict[tuple[str, str], Bundle] = {}
    for tracking in trackings:
        number = naming.normal_number(clean(tracking.tracking_number))
        if not number:
            value = clean(tracking.tracking_number or tracking.reference or tracking.order_number)
            notices.append(Notice(kind=NoticeKind.MALFORMED, where="tracking_number", value=value))
            continue
        carrier = names.carrier(tracking, number, notices)
        bundle = bundles.get((number, carrier))
        if bundle is None:
            bundle = bundles[number, carrier] = Bundle(carrier, number)
        _add(bundle, tracking, notices)
    # Those whose carrier is known come first: the others may be theirs.
    return sorted(bundles.values(), key=lambda bundle: (bundle.number, bundle.carrier == "", bundle.carrier))


def _add(bundle: Bundle, tracking: Tracking, notices: list[Notice]) -> None:
    for name in WORDS:
        bundle.words[name] = bundle.words.get(name) or clean(getattr(tracking, name))
    bundle.code = clean(tracking.collect_code)[:LONGEST_CODE] or bundle.code
    if tracking.promised_to is not None:
        bundle.promise = tracking
    for report in tracking.reports:
        kept = storable(report)
        if kept is None:
            value = f"{report.at} {report.raw_code}"
            notices.append(Notice(kind=NoticeKind.MALFORMED, where=f"{bundle.number}: at", value=value))
        else:
            bundle.reports.append(kept)


class Names:
    """Finds our code of a carrier, asking which carriers the shop is connected to only when it must."""

    def __init__(self, shop_id: int) -> None:
        self._shop_id = shop_id
        self._connected: Collection[str] | None = None

    def carrier(self, tracking: Tracking, number: str, notices: list[Notice]) -> str:
        """The carrier of a tracking: as told, by its word, or by its number; "" with a notice when it is unclear."""
        if _CODE.fullmatch(tracking.carrier):
            return tracking.carrier
        word = tracking.carrier_word or tracking.carrier
        found = (
            named(word)
            or recognition.only(recognition.by_word(word), likely=self._likely())
            or recognition.only(recognition.by_number(number), likely=self._likely())
        )
        if not found:
            notices.append(Notice(kind=NoticeKind.UNKNOWN_CARRIER, where=number, value=clean(word)))
        return found

    def _likely(self) -> Collection[str]:
        if self._connected is None:
            rows = Connection.objects.filter(shop_id=self._shop_id, active=True)
            self._connected = set(rows.values_list("carrier", flat=True))
        return self._connected


def place(
    bundles: Iterable[Bundle], parcels: Iterable[Parcel], state: State, notices: list[Notice]
) -> list[tuple[Bundle, Box]]:
    """Each bundle with the parcel it speaks of, which may be new. `parcels` are all that have one of the numbers."""
    known: defaultdict[str, dict[str, Parcel]] = defaultdict(dict)
    for parcel in parcels:
        known[parcel.number][parcel.carrier] = parcel
    boxes: dict[int, Box] = {}
    placed = []
    for bundle in bundles:
        parcel = _parcel(bundle, known[bundle.number], state, notices)
        box = boxes.setdefault(id(parcel), Box(parcel))
        adopted = bundle.carrier not in {"", parcel.carrier}
        if adopted:
            parcel.carrier = bundle.carrier
        box.changed = _name(parcel, bundle) or adopted or box.changed or parcel.pk is None
        placed.append((bundle, box))
    return placed


def _parcel(bundle: Bundle, there: dict[str, Parcel], state: State, notices: list[Notice]) -> Parcel:
    """The parcel with that number: of that carrier, or the only one where one side does not know whose it is."""
    if bundle.carrier in there:
        return there[bundle.carrier]
    if len(there) == 1 and (not bundle.carrier or "" in there):
        (parcel,) = there.values()
        there.pop(parcel.carrier)
        there[bundle.carrier or parcel.carrier] = parcel
        return parcel
    parcel = there[bundle.carrier] = Parcel(
        shop_id=state.shop_id,
        carrier=bundle.carrier,
        number=bundle.number,
        created_at=state.now,
        origin_country=state.habits.week("").country,
    )
    if len(there) > 1:
        owners = ", ".join(sorted(name or "?" for name in there))
        notices.append(Notice(kind=NoticeKind.SHARED_NUMBER, where=bundle.number, value=owners))
    return parcel


def _name(parcel: Parcel, bundle: Bundle) -> bool:
    """Give a parcel the words its sender has for it; whether that changed anything."""
    ours = {"order_key": bundle.order_key}
    ours |= {name: bundle.words[name] for name in WORDS if name != "order_number"}
    ours["carrier_word"] = "" if bundle.carrier else ours["carrier_word"]
    missing = {name: value for name, value in ours.items() if value and not getattr(parcel, name)}
    for name, value in missing.items():
        setattr(parcel, name, value)
    return bool(missing)
