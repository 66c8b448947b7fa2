"""How people write a table of parcels: what its headers mean, its letters, its words and its moments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from opieka.deliveries.carriers.base import Json, Unreadable, moment, text
from opieka.deliveries.carriers.spelling import plain

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "tracking_number": (
        "tracking", "tracking_no", "number", "parcel", "parcel_number", "parcel_id", "waybill", "awb", "consignment",
        "numer_przesylki", "nr_przesylki", "przesylka", "list_przewozowy", "numer_listu",
        "трек_номер", "трек", "номер_отправления", "накладная", "αριθμος_αποστολης", "αποστολη", "voucher",
    ),
    "carrier": ("courier", "shipping_company", "kurier", "przewoznik", "перевозчик", "курьер", "μεταφορεας", "κουριερ"),
    "order_number": (
        "order", "order_no", "order_id", "numer_zamowienia", "nr_zamowienia", "zamowienie",
        "номер_заказа", "заказ", "παραγγελια", "αριθμος_παραγγελιας",
    ),
    "reference": ("ref", "customer_reference", "referencja", "ссылка", "αναφορα"),
    "service": ("product", "shipping_method", "usluga", "услуга", "υπηρεσια"),
    "status": ("stage", "state", "event", "stan", "etap", "zdarzenie", "статус", "состояние", "κατασταση"),
    "at": (
        "time", "date", "datetime", "timestamp", "event_time", "occurred_at", "when",
        "data", "czas", "data_zdarzenia", "дата", "время", "ημερομηνια", "ωρα",
    ),
    "reason": ("cause", "why", "powod", "przyczyna", "причина", "αιτια", "λογος"),
    "leg": ("direction", "kierunek", "направление", "κατευθυνση"),
    "handed_to": ("received_by", "delivered_to", "odebral", "кому_вручено", "παραληπτης"),
    "code": ("raw_code", "status_code", "event_code", "kod", "код", "κωδικος"),
    "text": ("raw_text", "description", "message", "note", "opis", "uwagi", "описание", "комментарий", "περιγραφη"),
    "depot": ("location", "place", "hub", "branch", "oddzial", "miejsce", "место", "склад", "τοποθεσια"),
    "city": ("town", "miasto", "город", "πολη"),
    "country": ("country_code", "kraj", "страна", "χωρα"),
    "collect_by": ("pickup_by", "odbior_do", "забрать_до", "παραλαβη_εως"),
    "collect_code": ("pickup_code", "open_code", "pin", "kod_odbioru", "код_получения", "κωδικος_παραλαβης"),
    "expected_from": ("eta_from",),
    "expected_to": ("eta", "expected", "expected_at", "estimated_delivery", "oczekiwana_dostawa", "ожидается"),
    "promised_from": (),
    "promised_to": (
        "promised", "promised_at", "deliver_by", "promised_delivery", "termin_dostawy", "obiecana_data",
        "обещано", "срок_доставки", "υποσχεση",
    ),
    "shipped_at": ("shipped", "dispatched_at", "handed_over_at", "data_wysylki", "nadano", "дата_отправки"),
    "delivered_at": ("delivered", "delivery_date", "data_dostawy", "doreczono", "дата_доставки"),
    "events": ("reports", "history", "checkpoints", "zdarzenia"),
    "parcels": ("shipments", "przesylki", "items"),
}  # fmt: skip
ENCODINGS = ("cp1250", "cp1251", "cp1253")
"""Tried in this order where a file is no Unicode: the one in which most of its header is understood."""
PATTERNS = (
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y",
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y",
    "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y",
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
)  # fmt: skip
ENDS = {"promised_to", "expected_to", "collect_by"}
_ROUNDED = re.compile(r"\d([.,]\d+)?[Ee]\+?\d+")


def folded(word: str) -> str:
    """A word without case, accents and signs, blanks as `_`: headers and statuses are compared so."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word.strip())
    return re.sub(r"[^\w]+", "_", plain(spaced)).strip("_")


COLUMNS: Mapping[str, str] = {
    folded(alias): name for name, aliases in SYNONYMS.items() for alias in (name, *aliases)
}


def column(header: str) -> str:
    """The column a header means; an unknown one stays as it is."""
    name = folded(header)
    return COLUMNS.get(name, name)


def decoded(raw: bytes) -> str:
    """A file's text: by its byte order mark, as UTF-8, else in the code page its header is understood best in."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        texts = [raw.decode(name, errors="replace") for name in ENCODINGS]
        return max(texts, key=_understood)


def _understood(content: str) -> int:
    header = re.split(r"[,;\t|]", content.partition("\n")[0])
    return sum(column(name.strip(' "\r')) in SYNONYMS for name in header)


def when(data: Json, key: str, zone: tzinfo) -> datetime | None:
    """The moment under `key`: ISO 8601, or day first (31.12.2024 23:59); without an offset in `zone`.

    A bare date that ends a window means the end of that day.
    """
    found = text(data, key)
    if not found or found.startswith("0000"):
        return None
    at = _moment(found, key, zone)
    return at + timedelta(days=1, seconds=-1) if key in ENDS and ":" not in found else at


def _moment(found: str, key: str, zone: tzinfo) -> datetime:
    for pattern in PATTERNS:
        try:
            day = datetime.strptime(found, pattern)  # noqa: DTZ007 - the zone is set below
        except ValueError:
            continue
        return moment(day.isoformat(), zone)
    return moment(found, zone, key)


def number(data: Json) -> str:
    """The tracking number; `Unreadable` when it is missing or a spreadsheet rounded it (6.2E+23)."""
    found = text(data, "tracking_number").removeprefix("=").strip("'\" ")
    if not found or _ROUNDED.fullmatch(found):
        raise Unreadable("tracking_number", found)
    return found[:100]
