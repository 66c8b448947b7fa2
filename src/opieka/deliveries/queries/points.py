"""Points and lockers near a place. There is no gazetteer: a place named in words lies where its points lie."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from django.db.models import Q, QuerySet

from opieka.deliveries.models import PickupPoint
from opieka.deliveries.policy.naming import normal_number
from opieka.deliveries.policy.nearness import Place, around, metres, middle
from opieka.deliveries.types import ParcelCard, PointCard
from opieka.kernel.text import fold

DISTANCES = (2_000, 10_000, 50_000)
_SAMPLE = 200
_WORDS = 8


def points_near(
    shop_id: int, *, carrier: str, place: str | Place = "", country: str = "", limit: int = 12
) -> list[PointCard]:
    """The nearest points of a carrier to a place: coordinates, a postcode or a town; none where nothing is near.

    Words that name no place with a point find the points whose postcode begins alike. At most 6 queries.
    """
    rows = PickupPoint.objects.filter(shop_id=shop_id, carrier=carrier, gone_at=None)
    if country:
        rows = rows.filter(country=country)
    centre = place if isinstance(place, Place) else _named(rows, place)
    if centre is None:
        return []
    for distance in DISTANCES:
        found = _within(rows, centre, distance)
        if len(found) >= limit or (found and distance == DISTANCES[-1]):
            return found[:limit]
    return []


def points_named(shop_id: int, *, carrier: str, words: str, limit: int = 3) -> list[PointCard]:
    """The points somebody means: the one whose code she says, else those nearest to the town or postcode she says."""
    rows = PickupPoint.objects.filter(shop_id=shop_id, carrier=carrier, gone_at=None)
    told = [word.strip(".,;:()") for word in words.split()][:_WORDS]
    coded = point_cards(rows.filter(code__in=[word.upper() for word in told])[:2])
    if len(coded) == 1:
        return coded
    for place in (words, *sorted(told, key=len, reverse=True)):
        found = points_near(shop_id, carrier=carrier, place=place, limit=limit)
        if found:
            return found
    return []


def points(ids: Collection[int], *, shop_ids: Collection[int]) -> dict[int, PointCard]:
    """Points by id. One query."""
    rows = PickupPoint.objects.filter(id__in=ids, shop_id__in=shop_ids)
    return {card.id: card for card in point_cards(rows)}


def points_of(parcels: Collection[ParcelCard]) -> dict[int, PointCard]:
    """Where some parcels are, as far as their carriers call the place like one of their points. One query."""
    places = {parcel.depot for parcel in parcels} - {""}
    rows = PickupPoint.objects.filter(
        Q(code__in=places) | Q(name__in=places),
        shop_id__in={parcel.shop_id for parcel in parcels},
        carrier__in={parcel.carrier for parcel in parcels},
        gone_at=None,
    )
    found = list(rows)
    called = {
        (row.shop_id, row.carrier, name): card
        for row, card in zip(found, point_cards(found), strict=True)
        for name in (row.name, row.code)
    }
    keys = {parcel.id: (parcel.shop_id, parcel.carrier, parcel.depot) for parcel in parcels}
    return {parcel_id: called[key] for parcel_id, key in keys.items() if key in called}


def point_cards(rows: Iterable[PickupPoint]) -> list[PointCard]:
    """Points as others see them."""
    names = [field for field in PointCard.__dataclass_fields__ if field != "metres"]
    return [PointCard(**{name: getattr(row, name) for name in names}) for row in rows]


def _within(rows: QuerySet[PickupPoint], centre: Place, distance: int) -> list[PointCard]:
    box = around(centre, distance)
    inside = rows.filter(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))
    cards = [
        replace(card, metres=round(metres(centre, Place(card.latitude, card.longitude))))
        for card in point_cards(inside)
    ]
    return sorted(
        (card for card in cards if card.metres is not None and card.metres <= distance),
        key=lambda card: (card.metres, card.code),
    )


def _named(rows: QuerySet[PickupPoint], words: str) -> Place | None:
    """Where a postcode or a town is: in the middle of its points, or of those whose postcode begins alike."""
    told = " ".join(words.split())[:100]
    if not told:
        return None
    code = normal_number(told)[:20]
    attempts = [rows.filter(postcode_key=code), rows.filter(city_key=fold(told))]
    if any(letter.isdigit() for letter in code):
        attempts += [rows.filter(postcode_key__startswith=code[:length]) for length in (len(code) - 1, 3, 2)]
    for attempt in attempts:
        found = [Place(*both) for both in attempt.values_list("latitude", "longitude")[:_SAMPLE]]
        if found:
            return middle(found)
    return None
