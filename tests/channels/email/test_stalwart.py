"""107 mails of stalwart's mail-parser: our reading against the part tree beside each."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from opieka.channels.adapters.email.mapping import html, parse
from opieka.channels.types import Address, ParsedMail

MAILS = 107

# Where we read a mail otherwise than the tree, and why.
DIFFERENT = {
    "text": {
        "legacy/033": "raw 8-bit text that the tree gives up on is guessed",
        "legacy/049": "files uuencoded into the text become attachments",
        "legacy/052": "raw 8-bit text that the tree gives up on is guessed",
        "malformed/001": "a boundary that only begins like another is not that other",
        "malformed/002": "a multipart without parts: its text is shown, not attached",
        "malformed/009": "the outer boundary ends an inner multipart that was never closed",
        "malformed/011": "the outer boundary ends an inner multipart that was never closed",
        "malformed/016": "boundaries that begin alike are told apart",
        "malformed/019": "lines after a broken header are text, not nothing",
        "malformed/020": "of two Content-Types the multipart one is taken",
        "malformed/021": "of two Content-Types the multipart one is taken",
        "thirdparty/002": "junk after a broken base64 part is shown in another guess",
        "thirdparty/005": "a boundary in the middle of a line is none",
    },
    "html": {
        "malformed/020": "of two Content-Types the multipart one is taken",
        "malformed/021": "of two Content-Types the multipart one is taken",
    },
    "attachments": {
        "legacy/016": "the tree leaves out the carriage returns",
        "legacy/017": "uuencode is decoded",
        "legacy/048": "uuencode is decoded",
        "legacy/049": "files uuencoded into the text become attachments",
        "malformed/002": "a multipart without parts: its text is shown, not attached",
        "malformed/012": "the outer boundary ends an inner multipart that was never closed",
        "malformed/017": "the name in a disposition without a type is read",
        "thirdparty/015": "the outer boundary ends a nested message whose own multipart was never closed",
    },
}


class Tree:
    """The expected reading, from the JSON."""

    def __init__(self, path: Path) -> None:
        self.message = json.loads(path.read_text())
        self.parts = self.message["parts"]

    def headers(self, name: str) -> list[Any]:
        return [each["value"] for each in self.parts[0]["headers"] if each["name"] == name]

    def is_cut_off(self, index: int) -> bool:
        """The tree attaches a text whose end is missing; to us it is the body."""
        part = self.parts[index]
        kind = self.field(index, "content_type")[0]
        attached = self.field(index, "content_disposition")[0] == "attachment"
        wanted = kind in {None, "text/plain", "text/html"} and not attached
        return part["is_encoding_problem"] and "Text" in part["body"] and wanted

    def field(self, index: int, name: str) -> tuple[str | None, dict[str, str]]:
        for each in reversed(self.parts[index]["headers"]):
            if each["name"] == name and isinstance(each["value"], dict):
                value = each["value"]["ContentType"]
                kind = "/".join(filter(None, (value["c_type"], value["c_subtype"])))
                return kind, {pair["name"]: pair["value"] for pair in value["attributes"] or []}
        return None, {}

    def bodies(self) -> tuple[str, str]:
        """Text and HTML; HTML that stands for text is converted by us."""
        texts, markups = [], []
        for index in [*self.message["text_body"], *self._cut_off()]:
            body = self.parts[index]["body"]
            if "Html" in body or self.field(index, "content_type")[0] == "text/html":
                texts.append(html.to_text(body.get("Html") or body["Text"]))
            elif "Text" in body:
                texts.append(body["Text"])
        for index in [*self.message["html_body"], *self._cut_off()]:
            body = self.parts[index]["body"]
            if "Html" in body or (
                index in self._cut_off() and self.field(index, "content_type")[0] == "text/html"
            ):
                markups.append(body.get("Html") or body["Text"])
        return squeezed(" ".join(texts)), squeezed(" ".join(markups))

    def _cut_off(self) -> list[int]:
        return [index for index in self.message["attachments"] if self.is_cut_off(index)]

    def attachments(self) -> list[tuple[str | None, str, int | None]]:
        found = []
        for index in self.message["attachments"]:
            if self.is_cut_off(index):
                continue
            body = self.parts[index]["body"]
            kind, parameters = self.field(index, "content_type")
            name = self.field(index, "content_disposition")[1].get("filename") or parameters.get("name")
            data = body.get("Binary") or body.get("InlineBinary")
            fallback = "message/rfc822" if "Message" in body else "text/plain"
            found.append((name, kind or fallback, len(data) if data else None))
        return found

    def addresses(self, name: str) -> list[Address]:
        found = []
        for value in self.headers(name):
            if not isinstance(value, dict):
                continue
            many = value["Address"]
            groups = [many["List"]] if "List" in many else [each["addresses"] for each in many["Group"]]
            found += [
                Address(each["name"] or "", each["address"] or "") for group in groups for each in group
            ]
        return found

    def texts(self, name: str) -> list[str]:
        found: list[str] = []
        for value in self.headers(name):
            if isinstance(value, dict):
                found += [value["Text"]] if "Text" in value else value["TextList"]
        return found

    def dates(self) -> list[datetime]:
        found = []
        for value in self.headers("date"):
            if isinstance(value, dict):
                said = value["DateTime"]
                moment = datetime(
                    said["year"],
                    said["month"],
                    said["day"],
                    said["hour"],
                    said["minute"],
                    said["second"],
                    tzinfo=UTC,
                )
                offset = timedelta(hours=said["tz_hour"], minutes=said["tz_minute"])
                found.append(moment + offset if said["tz_before_gmt"] else moment - offset)
        return found


def squeezed(text: str) -> str:
    return re.sub(r"[\s\x00]+", " ", text).strip()


def shown_html(mail: ParsedMail) -> str:
    """Our HTML without the plain texts that stand between pieces of HTML."""
    return squeezed(
        re.sub(r'<div style="white-space: pre-wrap">.*?</div>', "", mail.html or "", flags=re.DOTALL)
    )


def readable(text: str) -> bool:
    """The tree holds raw 8-bit header text as replacement characters; there we know better."""
    return "\ufffd" not in text


def mails(shared: Path) -> list[tuple[str, Tree, ParsedMail]]:
    folder = shared / "fixtures" / "mail" / "stalwart"
    return [
        (
            f"{path.parent.name}/{path.stem}",
            Tree(path.with_suffix(".json")),
            parse(path.read_bytes()),
        )
        for path in sorted(folder.rglob("*.eml"))
    ]


@pytest.fixture(scope="module")
def read(shared: Path) -> list[tuple[str, Tree, ParsedMail]]:
    found = mails(shared)
    assert len(found) == MAILS
    return found


pytestmark = pytest.mark.shared


def test_text_bodies_agree(read: list[tuple[str, Tree, ParsedMail]]) -> None:
    wrong = {name for name, tree, mail in read if squeezed(mail.text) != tree.bodies()[0]}
    assert wrong == set(DIFFERENT["text"])


def test_html_bodies_agree(read: list[tuple[str, Tree, ParsedMail]]) -> None:
    wrong = {name for name, tree, mail in read if shown_html(mail) != tree.bodies()[1]}
    assert wrong == set(DIFFERENT["html"])


def test_attachments_agree(read: list[tuple[str, Tree, ParsedMail]]) -> None:
    wrong = set()
    for name, tree, mail in read:
        ours = [(each.filename, each.content_type, each.size) for each in mail.attachments]
        theirs = tree.attachments()
        if len(ours) != len(theirs) or not all(map(same_file, ours, theirs)):
            wrong.add(name)
    assert wrong == set(DIFFERENT["attachments"])


def same_file(ours: tuple[str | None, str, int], theirs: tuple[str | None, str, int | None]) -> bool:
    names = ours[0], theirs[0]
    if theirs[0] and not readable(theirs[0]):
        names = None, None
    if ours[0] and "\\" in ours[0]:  # a Windows path, from which the tree drops the backslashes
        names = ours[0].replace("\\", ""), theirs[0]
    return names[0] == names[1] and ours[1] == theirs[1] and theirs[2] in {None, ours[2]}


def test_subjects_addresses_dates_and_ids_agree(read: list[tuple[str, Tree, ParsedMail]]) -> None:
    for name, tree, mail in read:
        subject = next(iter(tree.texts("subject")), "")
        assert not readable(subject) or squeezed(mail.subject) == squeezed(subject), name
        assert tree.dates()[:1] in ([mail.date], []) or name == "malformed/019", name
        assert tree.texts("message_id")[:1] == ([mail.message_id] if mail.message_id else []), name
        assert list(dict.fromkeys(tree.texts("in_reply_to"))) == list(mail.in_reply_to), name
        assert list(dict.fromkeys(tree.texts("references"))) == list(mail.references), name
        for field, ours in {"to": mail.to, "cc": mail.cc, "reply_to": mail.reply_to}.items():
            theirs = tree.addresses(field)
            if all(readable(each.name) for each in theirs):
                assert list(ours) == theirs, (name, field)
        if theirs := tree.addresses("from"):
            assert mail.sender == theirs[0], name
