"""How people write a table: what its headers mean, and how its text, amounts and moments are spelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

from opieka.kernel.money import Money, exponent
from opieka.orders.connectors.base import LARGEST, Context, Json, Unreadable, text

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "order_id": ("id", "external_id", "order", "id_zamowienia", "заказ", "id_заказа", "παραγγελια"),
    "number": (
        "order_number",
        "order_no",
        "no",
        "numer",
        "numer_zamowienia",
        "номер",
        "номер_заказа",
        "αριθμος",
    ),
    "placed_at": (
        "created_at",
        "date",
        "order_date",
        "ordered_at",
        "created",
        "purchased_at",
        "data",
        "data_zamowienia",
        "дата",
        "дата_заказа",
        "ημερομηνια",
    ),
    "updated_at": ("modified_at", "updated", "last_modified"),
    "status": ("order_status", "stan", "статус", "κατασταση"),
    "payment_status": ("financial_status", "paid_status"),
    "fulfilment_status": ("fulfillment_status", "shipping_status"),
    "currency": ("waluta", "валюта", "νομισμα"),
    "total": (
        "amount",
        "total_price",
        "order_total",
        "grand_total",
        "suma",
        "razem",
        "kwota",
        "сумма",
        "συνολο",
    ),
    "email": ("e_mail", "customer_email", "buyer_email", "mail", "почта", "ηλεκτρονικη_διευθυνση"),
    "phone": ("telephone", "tel", "customer_phone", "mobile", "telefon", "телефон", "τηλεφωνο"),
    "name": ("customer", "customer_name", "buyer", "full_name", "klient", "imie_i_nazwisko", "имя", "ονομα"),
    "customer_id": ("account_id", "buyer_id"),
    "language": ("lang", "locale", "jezyk", "язык", "γλωσσα"),
    "paid_at": ("payment_date", "data_platnosci"),
    "shipped_at": ("shipping_date", "dispatched_at", "data_wysylki"),
    "delivered_at": ("delivery_date", "data_dostawy"),
    "promised_at": ("estimated_delivery", "promised_delivery", "expected_at"),
    "cancelled_at": ("canceled_at",),
    "carrier": ("courier", "shipping_company", "kurier", "przewoznik"),
    "tracking_number": (
        "tracking",
        "tracking_no",
        "parcel_number",
        "przesylka",
        "numer_przesylki",
        "трек_номер",
    ),
    "tracking_url": ("tracking_link",),
    "discount_codes": (
        "discount_code",
        "coupon",
        "coupons",
        "voucher",
        "kod_rabatowy",
        "промокод",
        "κουπονι",
    ),
    "note": ("comment", "customer_note", "uwagi", "комментарий"),
    "payment_method": ("payment", "gateway", "platnosc"),
    "refunded": ("refund", "refund_amount", "refunded_amount", "zwrot"),
    "refunded_at": ("refund_date",),
    "street": ("address", "address1", "shipping_address", "ulica", "adres", "адрес", "διευθυνση"),
    "postcode": ("zip", "zip_code", "postal_code", "kod_pocztowy", "индекс", "τκ"),
    "city": ("town", "miasto", "город", "πολη"),
    "country": ("country_code", "kraj", "страна", "χωρα"),
    "line_id": ("item_id", "line"),
    "sku": ("product_sku", "item_sku", "symbol", "артикул"),
    "product": ("item", "product_name", "item_name", "title", "produkt", "nazwa_produktu", "товар", "προιον"),
    "quantity": ("qty", "pieces", "ilosc", "количество", "ποσοτητα"),
    "price": ("unit_price", "item_price", "cena", "цена", "τιμη"),
    "line_total": ("item_total", "row_total", "wartosc"),
}
COLUMNS: Mapping[str, str] = {
    alias: column for column, aliases in SYNONYMS.items() for alias in (column, *aliases)
}
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_ENCODINGS = ("utf-8-sig", "cp1250")


def column(header: str) -> str:
    """The column a header means: folded, blanks to `_`, synonyms resolved; unknown ones stay as they are."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", header.strip())
    folded = unicodedata.normalize("NFD", spaced.casefold().replace("ł", "l"))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter)).replace("ς", "σ")
    name = re.sub(r"[^\w]+", "_", plain).strip("_")
    return COLUMNS.get(name, name)


def decode(raw: bytes) -> str:
    """The file's text: by its byte order mark, as UTF-8, else as Windows-1250, which never fails here."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode(_ENCODINGS[0])
    except UnicodeDecodeError:
        return raw.decode(_ENCODINGS[1], errors="replace")


def money(data: Json, key: str, currency: str) -> int:
    """The amount under `key` in minor units, however it is written: 1 234,50 or 1,234.50 or 12.50 zł.

    A JSON number is taken as it is. In text the last point or comma is the decimal one, unless exactly three
    digits follow it and the currency has not three decimals: then it parts thousands.
    """
    found = text(data, key)
    if not found:
        return 0
    try:
        plain = found if isinstance(data.get(key), int | float) else _plain(found, exponent(currency))
        amount = Money.parse(plain, currency).amount
    except ValueError as error:
        raise Unreadable(key, found) from error
    if abs(amount) > LARGEST:
        raise Unreadable(key, found)
    return amount


def _plain(found: str, decimals: int) -> str:
    digits = re.sub(r"[^\d.,\-]", "", found.replace("−", "-")).rstrip(".,")
    cut = max(digits.rfind("."), digits.rfind(","))
    if cut < 0 or (len(digits) - cut == 4 and decimals != 3):
        return re.sub("[.,]", "", digits)
    return re.sub("[.,]", "", digits[:cut]) + "." + digits[cut + 1 :]


def moment(data: Json, key: str, context: Context) -> datetime | None:
    """The moment under `key` in UTC: ISO 8601 or 31.12.2024 23:59; without an offset in the shop's zone."""
    found = text(data, key)
    if not found:
        return None
    try:
        at = _dotted(found) or datetime.fromisoformat(found)
        return (at if at.tzinfo else at.replace(tzinfo=context.zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(key, found) from error


def _dotted(found: str) -> datetime | None:
    matched = _DOTTED.fullmatch(found)
    if matched is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in matched.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is the caller's to set
