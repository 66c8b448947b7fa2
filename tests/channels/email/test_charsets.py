"""Bytes to text: labels as mail programs write them, labels that lie, no labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.channels.adapters.email.mapping.charsets import codec, decode

POLISH = "Dzień dobry, gdzie jest moja paczka? Zamówiłam ją tydzień temu. Pozdrawiam, Łucja Żółć"
RUSSIAN = "Здравствуйте, где мой заказ? Прошло уже две недели. С уважением, Ольга"
UKRAINIAN = "Доброго дня, де моє замовлення? Чекаю вже два тижні, дякую"
GREEK = "Καλημέρα σας, πού είναι η παραγγελία μου; Περιμένω μια εβδομάδα. Ευχαριστώ"
CZECH = "Dobrý den, kde je moje objednávka? Čekám už týden. Děkuji, Jiří Dvořák"
GERMAN = "Guten Tag, wo bleibt meine Bestellung? Schöne Grüße, Jürgen Müßig"
FRENCH = "Bonjour, où est ma commande ? J'ai été débité deux fois. Merci, Hélène"
TURKISH = "Merhaba, siparişim nerede? Bir haftadır bekliyorum. Teşekkürler, Işıl Yağmur"
JAPANESE = "こんにちは、注文した商品はまだ届いていません。よろしくお願いします。"
CHINESE = "您好，我的订单还没有收到，请问在哪里？谢谢您的帮助。"
KOREAN = "안녕하세요, 주문한 상품이 아직 도착하지 않았습니다. 감사합니다."

ALIASES = {
    "UTF8": "utf-8",
    "utf_8": "utf-8",
    '"utf-8"': "utf-8",
    "'UTF-8'": "utf-8",
    "utf-8;": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "ISO_8859-2:1987": "iso8859-2",
    "iso8859_2": "iso8859-2",
    "iso 8859-15": "iso8859-15",
    "latin1": "iso8859-1",
    "latin-2": "iso8859-2",
    "x-cp1250": "cp1250",
    "win-1251": "cp1251",
    "Windows1253": "cp1253",
    "cp-850": "cp850",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "windows-936": "gb18030",
    "x-gbk": "gb18030",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "x-mac-roman": "mac-roman",
    "koi8-ru": "koi8-u",
}


@pytest.mark.parametrize(("label", "name"), ALIASES.items())
def test_labels_as_mail_programs_write_them(label: str, name: str) -> None:
    assert codec(label) == name


@pytest.mark.parametrize(
    "label", ["x-unknown", "unknown-8bit", "8bit", "none", "", "hex", "zlib", "idna", "rot13", "a\x00b"]
)
def test_what_names_no_charset(label: str) -> None:
    assert codec(label) is None
    assert decode("zażółć".encode(), label) == "zażółć"


RIGHT = [
    (POLISH, ["utf-8", "cp1250", "iso8859-2", "cp852", "x-mac-ce", "utf-16", "utf-7"]),
    (RUSSIAN, ["utf-8", "cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "x-mac-cyrillic", "cp855"]),
    (GREEK, ["utf-8", "cp1253", "iso8859-7", "x-mac-greek", "cp737", "ibm869"]),
    (GERMAN, ["cp1252", "latin-1", "iso8859-15", "cp850"]),
    (TURKISH, ["cp1254", "iso8859-9"]),
    (JAPANESE, ["iso-2022-jp", "shift_jis", "euc-jp"]),
    (CHINESE, ["gb2312", "gbk", "gb18030", "hz"]),
    (KOREAN, ["euc-kr", "ks_c_5601-1987"]),
]


@pytest.mark.parametrize(("text", "label"), [(text, label) for text, labels in RIGHT for label in labels])
def test_a_right_label_is_followed(text: str, label: str) -> None:
    assert decode(text.encode(codec(label) or label), label) == text


LYING: list[tuple[str, str, list[str | None]]] = [
    (POLISH, "cp1250", ["utf-8", "us-ascii", "iso-8859-1", None, "x-unknown"]),
    (POLISH, "iso8859-2", ["utf-8", "us-ascii", "windows-1252", "windows-1250", None]),
    (RUSSIAN, "cp1251", ["utf-8", "iso-8859-1", "koi8-r", None]),
    (RUSSIAN, "koi8-r", ["utf-8", "windows-1251", "us-ascii", None]),
    (RUSSIAN, "cp866", ["utf-8", None]),
    (UKRAINIAN, "cp1251", ["utf-8", None]),
    (GREEK, "iso8859-7", ["utf-8", "iso-8859-1", None]),
    (GREEK, "cp1253", ["utf-8", "windows-1252", None]),
    (CZECH, "cp1250", ["utf-8", None]),
    (GERMAN, "latin-1", ["utf-8", "us-ascii", None]),
    (FRENCH, "cp1252", ["utf-8", None]),
    (JAPANESE, "cp932", ["utf-8", None]),
    (JAPANESE, "euc_jp", [None]),
    (CHINESE, "gb18030", ["utf-8", None]),
    (KOREAN, "cp949", [None]),
    (POLISH, "utf-8", ["iso-8859-2", "windows-1250", "us-ascii", "iso-8859-1", "gb2312"]),
    (RUSSIAN, "utf-8", ["koi8-r", "windows-1251"]),
    (JAPANESE, "iso2022_jp", [None, "us-ascii"]),
]


@pytest.mark.parametrize(
    ("text", "truth", "label"), [(text, truth, label) for text, truth, labels in LYING for label in labels]
)
def test_a_wrong_label_is_overruled(text: str, truth: str, label: str | None) -> None:
    assert decode(text.encode(truth), label) == text


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        (b"Lowest price\xae today", "us-ascii", "Lowest price® today"),
        (b"caf\xe9", None, "café"),
        (b"100\xa0000 PLN", "us-ascii", "100\xa0000 PLN"),
        (b"it\x92s", "iso-8859-1", "it’s"),
        (b"\x80 20", "iso-8859-1", "€ 20"),
        ("zażółć gęślą".encode()[:-1], "utf-8", "zażółć gęśl\ufffd"),
        (b"\xef\xbb\xbfHej", "utf-8", "Hej"),
        (b"\xff\xfeH\x00i\x00", "utf-8", "Hi"),
        (b"Hi +AOk-", "utf-7", "Hi é"),
        (b"100 % + VAT", "utf-7", "100 % + VAT"),
        (b"", "utf-8", ""),
    ],
)
def test_short_and_odd_pieces(data: bytes, label: str | None, text: str) -> None:
    assert decode(data, label) == text


@given(
    st.binary(max_size=200), st.one_of(st.none(), st.sampled_from([*ALIASES, "hz", "utf-16", "big5", "x-y"]))
)
def test_nothing_fails(data: bytes, label: str | None) -> None:
    assert isinstance(decode(data, label), str)


@given(st.text(alphabet=st.characters(min_codepoint=0x100, max_codepoint=0x17F), min_size=1))
def test_utf8_wins_over_any_one_byte_label(text: str) -> None:
    assert decode(text.encode(), "iso-8859-2") == text


SHORT = {
    "cp1250": "Zwrot pieniędzy|Zamówienie|Łukasz|Proszę o fakturę|źle|Dziękuję|ŻĄDANIE ZWROTU|Wiśniewska|Děkuji|zboží",
    "iso8859-2": "Zwrot pieniędzy|Żółty płaszcz|Łukasz|pomyłka w zamówieniu|WIADOMOŚĆ|Małgorzata",
    "cp1251": "Где мой заказ|Ольга|Возврат|ВОЗВРАТ ТОВАРА|Иван Петров|Re: заказ 123|Не пришёл",
    "koi8-r": "Где мой заказ|Ольга|Возврат|ВОЗВРАТ ТОВАРА|Иван Петров|Re: заказ 123",
    "iso8859-7": "Πού είναι το δέμα μου|Παραγγελία|Γιώργος Παπαδόπουλος|Επιστροφή χρημάτων|Καλημέρα",
    "cp1252": "Grüße|Müller|ÄNDERUNG|Über 100 €|déçu|café|Noël|à bientôt|señor Núñez|Återbetalning|¿Dónde está?",
}


@pytest.mark.parametrize(
    ("truth", "text"), [(page, text) for page in SHORT for text in SHORT[page].split("|")]
)
def test_a_subject_in_raw_bytes_is_read_without_any_label(truth: str, text: str) -> None:
    assert decode(text.encode(truth)) == text
    assert decode(text.encode(truth), truth) == text
