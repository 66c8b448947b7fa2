"""A plain one-page invoice as PDF, drawn with the standard fonts every reader has."""

from __future__ import annotations

from datetime import datetime

from opieka.kernel.money import Money
from opieka.project.demo.content import Demo, Order

# What Latin-1 lacks and yet every reader's standard fonts can draw; other letters need an embedded font.
_BEYOND_LATIN = "Łł„”"
_NAMES = "/Lslash /lslash /quotedblbase /quotedblright"
_FIRST_CODE = 128
_CODES = {ord(letter): chr(_FIRST_CODE + place) for place, letter in enumerate(_BEYOND_LATIN)}
_COLUMNS = (56, 340, 390, 470)
_LEFT, _RIGHT = 56, 539
_SELLER = ("Polana sp. z o.o.", "ul. Sosnowa 1, 00-001 Warszawa", "NIP 987-654-32-10")


def draw(demo: Demo, order: Order, at: datetime) -> bytes:
    """The invoice for `order`, issued at `at`: one A4 page in Polish.

    UnicodeEncodeError where a name has letters that the standard fonts lack.
    """
    return _document("\n".join(_page(demo, order, at)))


def _page(demo: Demo, order: Order, at: datetime) -> list[str]:
    def money(amount: int) -> str:
        return Money(amount, demo.shop[order.shop].currency).format("pl").replace("\xa0", " ")

    address = order.address
    buyer = [*(order.company or "").split(", "), address.street if address else ""]
    if address:
        buyer.append(f"{address.postcode} {address.city}")
    drawn = [_text(_LEFT, 770, f"Faktura FV/{order.number}", 20, bold=True)]
    drawn.append(_text(_LEFT, 748, f"Data wystawienia: {at:%d.%m.%Y}   Sprzedano: {order.placed:%d.%m.%Y}"))
    for left, title, lines in ((_LEFT, "Sprzedawca", _SELLER), (320, "Nabywca", buyer)):
        drawn.append(_text(left, 708, title, bold=True))
        drawn += [_text(left, 692 - 14 * row, line) for row, line in enumerate(lines)]
    rows = [(demo.named(line.sku, "pl"), line.quantity, line.price) for line in order.lines]
    if order.shipping.price:
        rows.append(("Dostawa", 1, order.shipping.price))
    drawn += _row(600, ("Nazwa", "Sztuk", "Cena", "Kwota"), bold=True)
    for row, (name, quantity, price) in enumerate(rows):
        drawn += _row(580 - 18 * row, (name, str(quantity), money(price), money(quantity * price)))
    bottom = 580 - 18 * len(rows)
    drawn.append(f"0.6 G {_LEFT} {bottom + 8} m {_RIGHT} {bottom + 8} l S")
    drawn += _row(bottom - 10, ("", "", "Razem", money(order.total)), bold=True)
    return drawn


def _row(top: int, cells: tuple[str, ...], *, bold: bool = False) -> list[str]:
    return [_text(left, top, cell, bold=bold) for left, cell in zip(_COLUMNS, cells, strict=True) if cell]


def _text(left: int, top: int, text: str, size: int = 10, *, bold: bool = False) -> str:
    shown = text.translate(_CODES).replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{'B' if bold else 'R'} {size} Tf {left} {top} Td ({shown}) Tj ET"


def _document(content: str) -> bytes:
    """A PDF 1.4 of one A4 page showing `content`."""
    stream = content.encode("latin-1")
    encoding = f"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [{_FIRST_CODE} {_NAMES}] >>"
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding 7 0 R >>"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /R 5 0 R /B 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
        encoding.encode(),
    ]
    made, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, count = len(made), len(bodies) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n" % count
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, start)
    return bytes(made)
