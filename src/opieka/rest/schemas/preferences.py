"""The preferences of the domains, as a shop has set them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from opieka.care.types import CarePreferences, NoticePreferences, ParcelNews
from opieka.conversations.types import InboxPreferences, TextPreferences
from opieka.deliveries.types import DIRECTIONS, TILES, DeliveryPreferences, PagePreferences
from opieka.goodwill.types import HEAVIEST, BalancePreferences, Experience, GoodwillPreferences
from opieka.rest.fields import Flag, In, Out, absent
from opieka.returns.types import ReturnsPreferences


class Inbox(Out):
    """Days after which a resolved conversation is not reopened (0: always reopened), business minutes to the
    first answer (0: no target), and months for which mails are kept as they came and went, and for which the
    texts of spam and of what no person wrote are (0: as long as their customers)."""

    reopen_days: int
    first_response_minutes: int
    keep_sources_months: int
    keep_spam_months: int


class Deliveries(Out):
    """Opening hours from payment until the carrier has an order that was promised for no day (0: no such watch), and
    working days of silence after which a parcel is taken as lost."""

    hand_over_hours: int
    lost_after_days: int


class Weighing(Out):
    """What an experience weighs where the shop wants it otherwise than usual, in good experiences, and the days after
    which it weighs half as much (0: it never fades)."""

    weights: dict[str, int]
    half_life_days: int


class Notices(Out):
    """Which notices customers get of their parcels, whether their answers are acted on, and the shop's own words by
    kind and language."""

    on: list[ParcelNews]
    answers: bool
    texts: dict[str, dict[str, str]]


class Returns(Out):
    """Hours after the order in which it is cancelled without anybody looking (0: until it leaves)."""

    cancel_hours: int


class Texts(Out):
    """The quiet hours in which only urgent texts leave, in minutes after midnight of the shop's clock; alike for
    none."""

    quiet_from: int
    quiet_until: int


class Care(Out):
    """Per cent of customers drawn not to be contacted, opening hours for what plans ask of people, from which value on
    an order is valuable (minor units of the shop's currency, 0: none is), and how many parcels are a storm."""

    hold_out: int
    hours: int
    high_value: int
    storm_from: int


class Goodwill(Out):
    """What may be given, in minor units of the shop's currency: in a calendar month, to one customer within a year;
    what an order usually comes to, and the days a coupon is valid."""

    per_month: int
    per_customer: int
    usual_order: int
    valid_days: int


class Pages(Out):
    """The map on customers' pages: the address of a server's tiles with {z}, {x} and {y} in it ("": no map), what that
    server wants to be said with them, and the address of directions with {latitude} and {longitude} ("": none)."""

    map_tiles: str
    map_credit: str
    map_directions: str


class Preferences(Out):
    """How a shop wants things done."""

    conversations: Inbox
    texts: Texts
    deliveries: Deliveries
    balance: Weighing
    notices: Notices
    returns: Returns
    care: Care
    goodwill: Goodwill
    pages: Pages


class InboxChange(In):
    """What is to be different."""

    reopen_days: Annotated[int, Field(strict=True, ge=0, le=3650)] = absent()
    first_response_minutes: Annotated[int, Field(strict=True, ge=0, le=100_000)] = absent()
    keep_sources_months: Annotated[int, Field(strict=True, ge=0, le=240)] = absent()
    keep_spam_months: Annotated[int, Field(strict=True, ge=0, le=240)] = absent()


class DeliveriesChange(In):
    """What is to be different."""

    hand_over_hours: Annotated[int, Field(strict=True, ge=0, le=2000)] = absent()
    lost_after_days: Annotated[int, Field(strict=True, ge=3, le=365)] = absent()


class BalanceChange(In):
    """What is to be different; `weights` replaces all of them."""

    weights: dict[Experience, Annotated[int, Field(strict=True, ge=-HEAVIEST, le=HEAVIEST)]] = absent()
    half_life_days: Annotated[int, Field(strict=True, ge=0, le=3650)] = absent()


class NoticesChange(In):
    """What is to be different. The words are written at the desk."""

    on: list[ParcelNews] = absent()
    answers: Flag = absent()


class ReturnsChange(In):
    """What is to be different."""

    cancel_hours: Annotated[int, Field(strict=True, ge=0, le=2000)] = absent()


class TextsChange(In):
    """What is to be different."""

    quiet_from: Annotated[int, Field(strict=True, ge=0, lt=24 * 60)] = absent()
    quiet_until: Annotated[int, Field(strict=True, ge=0, lt=24 * 60)] = absent()


class CareChange(In):
    """What is to be different."""

    hold_out: Annotated[int, Field(strict=True, ge=0, le=50)] = absent()
    hours: Annotated[int, Field(strict=True, ge=1, le=200)] = absent()
    high_value: Annotated[int, Field(strict=True, ge=0, le=10**12)] = absent()
    storm_from: Annotated[int, Field(strict=True, ge=3, le=10_000)] = absent()


class GoodwillChange(In):
    """What is to be different."""

    per_month: Annotated[int, Field(strict=True, ge=0, le=10**12)] = absent()
    per_customer: Annotated[int, Field(strict=True, ge=0, le=10**12)] = absent()
    usual_order: Annotated[int, Field(strict=True, ge=0, le=10**12)] = absent()
    valid_days: Annotated[int, Field(strict=True, ge=1, le=1095)] = absent()


class PagesChange(In):
    """What is to be different. Addresses begin with `https://`."""

    map_tiles: Annotated[str, Field(max_length=300, pattern=f"^$|{TILES}")] = absent()
    map_credit: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = absent()
    map_directions: Annotated[str, Field(max_length=300, pattern=f"^$|{DIRECTIONS}")] = absent()


class PreferencesChange(In):
    """What is to be different."""

    conversations: InboxChange = absent()
    texts: TextsChange = absent()
    deliveries: DeliveriesChange = absent()
    balance: BalanceChange = absent()
    notices: NoticesChange = absent()
    returns: ReturnsChange = absent()
    care: CareChange = absent()
    goodwill: GoodwillChange = absent()
    pages: PagesChange = absent()


Kind = (
    InboxPreferences
    | TextPreferences
    | DeliveryPreferences
    | BalancePreferences
    | NoticePreferences
    | ReturnsPreferences
    | CarePreferences
    | GoodwillPreferences
    | PagePreferences
)
KINDS: Mapping[str, type[Kind]] = {
    "conversations": InboxPreferences,
    "texts": TextPreferences,
    "deliveries": DeliveryPreferences,
    "balance": BalancePreferences,
    "notices": NoticePreferences,
    "returns": ReturnsPreferences,
    "care": CarePreferences,
    "goodwill": GoodwillPreferences,
    "pages": PagePreferences,
}
"""The domains' dataclasses by the names they have here."""
