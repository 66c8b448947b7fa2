"""Bytes to text, whatever the label says."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from opieka.channels.adapters.email.mapping.guessing import guess

_ALIASES = {
    "ansi": "cp1252",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "chinesebig5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cseuckr": "cp949",
    "euc-kr": "cp949",
    "euckr": "cp949",
    "korean": "cp949",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ksc5601": "cp949",
    "ksc_5601": "cp949",
    "ms949": "cp949",
    "x-windows-949": "cp949",
    "cn-gb": "gb18030",
    "chinese": "gb18030",
    "csgb2312": "gb18030",
    "euc-cn": "gb18030",
    "gb2312": "gb18030",
    "gb_2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-8-i": "iso8859-8",
    "logical": "iso8859-8",
    "visual": "iso8859-8",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "tis620": "cp874",
    "koi8": "koi8-r",
    "koi": "koi8-r",
    "koi8-ru": "koi8-u",
    "cskoi8r": "koi8-r",
    "mac": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-ce": "mac_latin2",
    "x-mac-centraleurroman": "mac_latin2",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-greek": "mac_greek",
    "x-mac-turkish": "mac_turkish",
    "x-mac-japanese": "cp932",
    "ms_kanji": "cp932",
    "shift-jis": "cp932",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "unicode": "utf-16",
    "ucs-2": "utf-16",
    "iso-10646-ucs-2": "utf-16",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf-8-bom": "utf-8",
    "latin-1": "iso8859-1",
    "latin-2": "iso8859-2",
    "utf8mb4": "utf-8",
    "x-unicode-2-0-utf-7": "utf-7",
}
_SUPERSETS = {"iso8859-1": "cp1252", "iso8859-9": "cp1254"}
_NOT_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
_SHIFTING = re.compile(r"utf-(7|16|32)|iso2022|hz")
_MULTIBYTE = re.compile(r"gb|big5|euc|cp9[345]|johab|shift|iso2022|hz|utf")
_PLENTY = 8
_WINDOWS = re.compile(r"(?:x-)?(?:cp|windows|win|ms|ibm|dos)[-_ ]?(\d{3,5})")
_ISO = re.compile(r"(?:x-)?iso[-_ ]?(?:ir-?)?8859[-_ ](\d{1,2})")
_UTF = re.compile(r"utf[-_ ]?(7|8|16|32)[-_ ]?(le|be)?")
_HIGH = bytes(range(0x80, 0x100))
_LABEL = re.compile(r"[a-z0-9][a-z0-9_.:+ -]{0,40}")


@lru_cache(maxsize=512)
def codec(label: str) -> str | None:
    """Python's name for the charset of a label as mail programs write it; None when it names none."""
    found = _LABEL.match(label.strip(" \t\"'=<").lower().split("*", 1)[0])
    name = found[0].strip() if found else ""
    return _known(_ALIASES.get(name) or _family(name) or name) if name else None


def _family(name: str) -> str | None:
    if found := _UTF.match(name):
        return f"utf-{found[1]}" + (f"-{found[2]}" if found[2] and len(found[1]) == 2 else "")
    if found := _ISO.match(name):
        return _ALIASES.get(f"iso-8859-{int(found[1])}") or f"iso8859-{int(found[1])}"
    if found := _WINDOWS.match(name):
        return "gb18030" if found[1] in {"936", "54936"} else f"cp{found[1]}"
    return None


def _known(name: str) -> str | None:
    """Python's own name, if it can decode text by it."""
    if name in _NOT_CHARSETS:
        return None
    try:
        b"a".decode(name)
    except UnicodeDecodeError:
        pass  # it wants two bytes or more
    except (LookupError, ValueError):
        return None
    return codecs.lookup(name).name


def decode(data: bytes, label: str | None = None, hint: str | None = None) -> str:
    """Text of `data`, never failing.

    `label` is what the mail claims, `hint` a second opinion (the charset of an HTML `meta`, or of the body
    for raw bytes in a header). Valid UTF-8 beats any one-byte label; a label under which the bytes make no
    sense is overruled by what they look like.
    """
    name = codec(label) if label else None
    if name and _SHIFTING.match(name):
        return _shifting(data, name)
    if data.isascii():
        return _ascii(data, name)
    return _eight_bit(data, _SUPERSETS.get(name or "", name), codec(hint) if hint else None)


def _ascii(data: bytes, name: str | None) -> str:
    if b"\x1b$" in data and name in {None, "ascii", "cp932", "euc_jp"}:
        return _shifting(data, "iso2022_jp_ext")
    return data.decode("ascii")


def _shifting(data: bytes, name: str) -> str:
    if name == "utf-16" and data[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        sample = data[:400]
        name = "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"
    for candidate in (name, "iso2022_jp_3" if "jp" in name else name):
        try:
            return data.decode(candidate).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    if name == "utf-7" and data.isascii():
        return data.decode("ascii")
    if name.startswith(("utf-7", "iso")) and not data.isascii():
        return _eight_bit(data, None, None)
    return data.decode(name, "replace")


def _eight_bit(data: bytes, name: str | None, hint: str | None) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} and b"\x00" in data:
        return data.decode("utf-16", "replace")
    trusted, second = _many_byte(name), _many_byte(hint)
    # Few bytes of a two-byte charset may be UTF-8 by accident, many are not.
    by_accident = trusted and len(data) - len(data.translate(None, _HIGH)) < _PLENTY
    for candidate in (trusted, "utf-8", second) if by_accident else ("utf-8", trusted, second):
        if candidate and (text := _strictly(data, candidate)) is not None:
            return text.removeprefix("\ufeff")
    if trusted and _nearly(data, trusted):
        return data.decode(trusted, "replace")
    if _nearly(data, "utf-8"):
        return data.decode("utf-8", "replace")
    return guess(data, _one_byte(name) or _one_byte(hint))


def _one_byte(name: str | None) -> str | None:
    return None if name is None or name == "ascii" or _MULTIBYTE.match(name) else name


def _many_byte(name: str | None) -> str | None:
    return name if name and _MULTIBYTE.match(name) and not name.startswith("utf") else None


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _nearly(data: bytes, name: str) -> bool:
    """Whether only a few bytes are broken: a cut character, a stray byte of another charset."""
    text = data.decode(name, "replace")
    broken = text.count("\ufffd")
    return sum(1 for char in text if char > "\x7f") - broken > broken
