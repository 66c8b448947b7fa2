"""What a file is, by its first bytes. Names and claims are not trusted."""

from __future__ import annotations

import re

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"BM", "image/bmp"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp3gp", "video/3gpp"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-elf"),
)
_BEHIND_RIFF = {"image/webp", "audio/wav", "video/x-msvideo"}
# Containers: what is inside is told by the claim, if the claim fits the container.
_INSIDE = {
    "application/zip": re.compile(
        r"application/(vnd\.(openxmlformats-officedocument|oasis\.opendocument|apple)\.[\w.+-]+|epub\+zip|vnd\.ms-[\w.+-]+)$"
    ),
    "application/x-ole-storage": re.compile(r"application/(msword|vnd\.ms-[\w.+-]+|x-msi)$"),
    "audio/ogg": re.compile(r"(audio/opus|video/ogg)$"),
    "video/webm": re.compile(r"(video/x-matroska|audio/webm)$"),
}
_KNOWN = {kind for _, _, kind in _MAGIC}
_TEXTS = re.compile(
    r"(text/[\w.+-]+|message/rfc822|application/(json|pdf\+xml|pgp-signature|pgp-encrypted|pkcs7-[a-z]+))$"
)
# Never named so that a browser would run it, whatever the claim.
_ACTIVE = re.compile(r".*(html|svg|xml|script)")
UNKNOWN = "application/octet-stream"


def sniff(head: bytes, claimed: str) -> str:
    """The content type of a file that begins with `head` (512 bytes are enough) and claims to be `claimed`.

    An image, sound, film, archive or program is called one only when it is one. What a browser would run
    (HTML, SVG, scripts) becomes text/plain.
    """
    claimed = claimed.partition(";")[0].strip().lower()
    found = _by_magic(head)
    if found:
        inside = _INSIDE.get(found)
        return claimed if inside and inside.match(claimed) else found
    if _is_text(head):
        readable = _TEXTS.match(claimed) and not _ACTIVE.match(claimed)
        return claimed if readable else "text/plain"
    lies = claimed in _KNOWN or claimed.startswith("text/") or _ACTIVE.match(claimed)
    good = re.fullmatch(r"[\w.+-]+/[\w.+-]+", claimed) and len(claimed) <= 100
    return claimed if good and not lies else UNKNOWN


def _by_magic(head: bytes) -> str | None:
    for at, magic, kind in _MAGIC:
        if head[at : at + len(magic)] == magic and (kind not in _BEHIND_RIFF or head[:4] == b"RIFF"):
            return kind
    return None


def _is_text(head: bytes) -> bool:
    if not head or b"\x00" in head:
        return not head
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) > 4  # a letter cut in two at the end
    return True
