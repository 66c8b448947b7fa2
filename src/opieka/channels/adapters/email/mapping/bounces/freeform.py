"""Notices of non-delivery that are written for people only."""

from __future__ import annotations

import re

from opieka.channels.adapters.email.mapping import addresses
from opieka.channels.adapters.email.mapping.bounces import people, reasons, report, signs, status
from opieka.channels.adapters.email.mapping.bounces.report import Failure
from opieka.channels.adapters.email.mapping.mime import Part
from opieka.channels.types import BounceKind

_OTHER_REPORTS = {"disposition-notification", "feedback-report"}
_DELAYED = re.compile(r"\W*(?:warning|delay)", re.IGNORECASE)
_LIMIT = 20_000
_NEAR = 1500


def failure(root: Part, text: str, subject: str) -> Failure | None:
    """What the notice says; None when the mail is none."""
    named = people.named(root.headers)
    if not named and not may_be_notice(root, subject):
        return None
    notice, copy = _notice(text)
    if not named and not _is_notice(notice, subject):
        return None
    about = named[0] if named else people.recipient(notice, root, copy)
    if about is None and not _from_daemon(root):
        return None
    code = _status(notice, about)
    if signs.DELAYS.search(notice) or _DELAYED.match(subject):
        return Failure(about, code if code.startswith("4") else "4.4.7", BounceKind.SOFT)
    return Failure(about, code, status.kind(code))


def recipient(root: Part, text: str) -> str | None:
    """Whom a report that names nobody is about."""
    named = people.named(root.headers)
    notice, copy = _notice(text)
    return named[0] if named else people.recipient(notice, root, copy)


def _notice(text: str) -> tuple[str, str]:
    """The notice itself and the copy of the returned mail below it."""
    text = text[:_LIMIT]
    cut = signs.COPY.search(text, 1)
    return (text[: cut.start()], text[cut.start() :]) if cut and text[: cut.start()].strip() else (text, text)


def may_be_notice(root: Part, subject: str) -> bool:
    """Whether the sender, or the subject together with the absence of a person, speaks for a notice."""
    if root.params.get("report-type", "").lower() in _OTHER_REPORTS:
        return False
    if _from_daemon(root):
        return True
    return "in-reply-to" not in root.headers and bool(signs.SUBJECTS.match(subject)) and _is_by_program(root)


def _is_notice(notice: str, subject: str) -> bool:
    if signs.SENTENCES.search(notice) or status.enhanced(notice):
        return True
    return bool(signs.SUBJECTS.match(subject))


def _is_by_program(root: Part) -> bool:
    """Nobody to answer to, or it says that it answers, or it brings a mail back."""
    if "".join(root.headers.first("return-path").split()) == "<>" or root.content_type == "multipart/report":
        return True
    submitted = root.headers.first("auto-submitted").lower()
    returned = any(
        part.content_type in {"message/rfc822", "text/rfc822-headers"} for part in report.leaves(root)
    )
    return submitted.startswith("auto-replied") or returned


def _from_daemon(root: Part) -> bool:
    for name in ("from", "sender"):
        for value in root.headers.raw(name):
            for each in addresses.parse(value):
                if signs.SENDERS.match(each.email.partition("@")[0]) or signs.SENDER_NAMES.search(each.name):
                    return True
    return False


def _status(notice: str, about: str | None) -> str:
    """The status near the address, else anywhere in the notice; words where codes are missing or vague."""
    at = notice.lower().find(about.lower()) if about else -1
    near = notice[at : at + _NEAR] if at >= 0 else notice
    for scope in dict.fromkeys((near, notice)):
        code = status.enhanced(scope)
        if code and not code.endswith(".0.0"):
            return code
    reply, reason = status.reply(near) or status.reply(notice), reasons.status(near) or reasons.status(notice)
    if reply and reason:
        return reply[0] + reason[1:]
    return reason or reply or status.enhanced(notice) or "5.0.0"
