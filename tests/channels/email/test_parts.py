"""The part tree, the bodies chosen from it, transfer encodings and attachments."""

from __future__ import annotations

import base64
import hashlib

import pytest

from opieka.channels.adapters.email.mapping import encodings, parse
from opieka.channels.types import Attachment, ParsedMail

PNG = base64.b64encode(b"\x89PNG picture").decode()


def multipart(kind: str, *parts: str, boundary: str = "b", end: str = "--b--\n") -> str:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{body}{end}'


def part(content_type: str, body: str, *more: str) -> str:
    return "\n".join([f"Content-Type: {content_type}", *more, "", body])


def read(mail: str) -> ParsedMail:
    found = parse(("From: a@example.pl\n" + mail).encode())
    assert not any(code.startswith("unreadable") for code in found.defects)
    return found


TEXT, HTML = part("text/plain", "tekst"), part("text/html", "<p>html</p>")
IMAGE = part("image/png; name=a.png", PNG, "Content-Transfer-Encoding: base64", "Content-ID: <i1>")
BODIES = {
    "text only": (TEXT, "tekst", None, 0),
    "html only": (HTML, "html", "<p>html</p>", 0),
    "alternative": (multipart("alternative", TEXT, HTML), "tekst", "<p>html</p>", 0),
    "html first": (multipart("alternative", HTML, TEXT), "tekst", "<p>html</p>", 0),
    "mixed": (multipart("mixed", TEXT, IMAGE), "tekst", None, 1),
    "two texts": (
        multipart("mixed", TEXT, IMAGE, part("text/plain", "stopka")),
        "tekst\n\nstopka\n",
        None,
        1,
    ),
    "blank text beside html": (
        multipart("alternative", part("text/plain", " \n"), HTML),
        "html",
        "<p>html</p>",
        0,
    ),
    "named text is a file": (
        multipart("mixed", TEXT, part("text/plain; name=b.txt", "plik")),
        "tekst",
        None,
        1,
    ),
    "attached text is a file": (
        multipart("mixed", TEXT, part("text/plain", "plik", "Content-Disposition: attachment")),
        "tekst",
        None,
        1,
    ),
    "calendar": (
        multipart("alternative", TEXT, HTML, part("text/calendar", "BEGIN:VCALENDAR")),
        "tekst",
        "<p>html</p>",
        1,
    ),
    "contact": (multipart("mixed", TEXT, part("text/vcard", "BEGIN:VCARD")), "tekst", None, 1),
    "picture before the html": (multipart("related", IMAGE, HTML), "html", "<p>html</p>", 1),
    "signed": (multipart("signed", TEXT, part("application/pgp-signature", "x")), "tekst", None, 1),
    "encrypted": (
        multipart(
            "encrypted",
            part("application/pgp-encrypted", "Version: 1"),
            part("application/octet-stream", "x"),
        ),
        "",
        None,
        2,
    ),
    "smime": (part("application/pkcs7-mime; name=smime.p7m", "MIIB"), "", None, 1),
    "forwarded": (
        multipart("mixed", TEXT, part("message/rfc822", "Subject: x\n\n--b is no boundary here")),
        "tekst",
        None,
        1,
    ),
    "digest": (multipart("digest", "\nSubject: x\n\nbody"), "", None, 1),
    "no end": (multipart("mixed", TEXT, HTML, end=""), "tekst\n\nhtml\n", None, 0),
    "no parts": ("Content-Type: multipart/mixed; boundary=q\n\ntekst", "tekst", None, 0),
    "empty multipart": ("Content-Type: multipart/mixed; boundary=q\n\n\n", "", None, 0),
    "no boundary named": (multipart("mixed", TEXT, IMAGE).replace('; boundary="b"', ""), "tekst", None, 1),
    "another boundary named": (multipart("mixed", TEXT, IMAGE).replace('"b"', '"c"'), "tekst", None, 1),
    "no content type": (
        "Subject: x\n\n" + multipart("mixed", TEXT, IMAGE).partition("\n\n")[2],
        "tekst",
        None,
        1,
    ),
    "blank after the boundary": (
        multipart("mixed", TEXT, IMAGE).replace("--b\n", "--b  \n"),
        "tekst",
        None,
        1,
    ),
    "one boundary begins like the other": (
        multipart("mixed", multipart("alternative", TEXT, HTML, boundary="b-1", end="--b-1--\n"), IMAGE),
        "tekst",
        "<p>html</p>",
        1,
    ),
    "inner part not closed": (
        multipart("mixed", multipart("alternative", TEXT, HTML, boundary="i", end=""), IMAGE),
        "tekst",
        "<p>html</p>",
        1,
    ),
    "multipart in base64": (
        "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(multipart("mixed", TEXT, IMAGE).partition("\n\n")[2].encode()).decode(),
        "tekst",
        None,
        1,
    ),
    "unknown type": (part("foo", "tekst"), "tekst", None, 0),
    "unknown type with a name": (part("pdf; name=a.pdf", "x"), "", None, 1),
    "text, html and pictures between": (
        multipart("mixed", TEXT, IMAGE, HTML),
        "tekst\n\nhtml\n",
        '<div style="white-space: pre-wrap">tekst</div>\n<p>html</p>',
        1,
    ),
    "after the end": (multipart("mixed", TEXT) + "epilogue", "tekst", None, 0),
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies(name: str) -> None:
    mail, text, markup, files = BODIES[name]
    found = read(mail)
    if name == "no end":
        markup = '<div style="white-space: pre-wrap">tekst</div>\n<p>html</p>'
    assert (found.text.strip("\n"), len(found.attachments)) == (text.strip("\n"), files)
    assert found.html == markup or (found.html or "").strip("\n") == markup


def only(mail: ParsedMail) -> Attachment:
    (found,) = mail.attachments
    return found


def test_an_attachment_has_everything_about_it() -> None:
    found = only(read(multipart("related", part("text/html", '<img src="cid:i1">'), IMAGE)))
    data = b"\x89PNG picture"
    assert found == Attachment(
        filename="a.png",
        content_type="image/png",
        size=len(data),
        md5=hashlib.md5(data).hexdigest(),
        sha256=hashlib.sha256(data).hexdigest(),
        content_id="i1",
        inline=True,
        data=data,
    )
    assert not only(read(multipart("mixed", TEXT, IMAGE))).inline


def test_a_forwarded_mail_keeps_its_bytes() -> None:
    inner = b"Subject:  x\r\nX-Odd :y\r\n\r\nbody \r\n--c\r\n\xff\x00"
    raw = b"From: a@b.pl\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    raw += b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b--\r\n"
    assert only(parse(raw)).data == inner


ENCODINGS = [
    ("base64", b"emHFvMOzxYLEhw==", "zażółć".encode()),
    ("BASE64", b"emHF\r\nvMOzxYLEhw", "zażółć".encode()),
    ("base64", b"emHF vMOz\x00xYLEhw===", "zażółć".encode()),
    ("base64", b"YQ==YmM=", b"abc"),
    ("base64", b"YWJj!YWJj", b"abcabc"),
    ("base64", b"This is not base64 at all.", b"This is not base64 at all."),
    ("base64", b"", b""),
    ("quoted-printable", b"za=C5=BC=\r\n=C3=B3", "zażó".encode()),
    ("quoted-printable", b"a=c5=bc= \nb=", "ażb".encode()),
    ("quoted printable", b"50=% =XY = a", b"50=% =XY = a"),
    ("x-uuencode", b"begin 644 a.txt\n#86)C\n`\nend\n", b"abc"),
    ("uuencode", b"junk\nbegin 644 a.txt\n#86)C\nend", b"abc"),
    ("x-uuencode", b"no begin", b"no begin"),
    ("7bit", b"a=20b", b"a=20b"),
    ("8bit; x", b"\xff", b"\xff"),
    ("binary", b"\r\n", b"\r\n"),
    ("", b"a", b"a"),
    ("x-nonsense", b"a", b"a"),
]


@pytest.mark.parametrize(("encoding", "body", "data"), ENCODINGS)
def test_transfer_encodings(encoding: str, body: bytes, data: bytes) -> None:
    assert encodings.decode(body, encoding).data == data


def test_files_in_a_plain_text() -> None:
    found = read("Subject: x\n\nHej\nbegin 644 a.txt\n#86)C\n`\nend\nPa\n")
    assert found.text == "Hej\nPa\n"
    assert (only(found).filename, only(found).data) == ("a.txt", b"abc")
    untouched = read("Subject: x\n\nbegin 644 reading\nthe manual\nend\n")
    assert untouched.text == "begin 644 reading\nthe manual\nend\n"


def test_deep_nesting_keeps_what_is_too_deep() -> None:
    mail = "".join(
        f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n" for level in range(200)
    )
    assert "the end" in read(mail + "Content-Type: text/plain\n\nthe end").text


def test_a_footer_below_base64_is_text_but_no_part_of_a_file() -> None:
    body = "YWJjZGVmZ2hpamtsbW4=\n\n___\nfooter of a list, http://x.pl"
    encoded = "Content-Transfer-Encoding: base64"
    assert (
        read(part("text/plain", body, encoded)).text == "abcdefghijklmn\n___\nfooter of a list, http://x.pl"
    )
    assert only(read(part("image/png", body, encoded))).data == b"abcdefghijklmn"
