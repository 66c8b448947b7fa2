"""`opieka mail ...`: mail from files. `parse` needs no database and must start quickly."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from opieka.channels.types import Address, ParsedMail
from opieka.project.cli import Needs, intake, verb


def register(verbs: Any) -> None:
    """Add `opieka mail`."""
    group = verbs.add_parser("mail", help="Read mail from files.").add_subparsers(
        required=True, metavar="VERB"
    )
    added = verb(group, "parse", parse, text="Show what mail files say.", needs=Needs.NOTHING)
    added.add_argument("files", nargs="+", metavar="FILE", help="a mail in the form it was sent (.eml)")
    added.add_argument("--json", action="store_true", help="one JSON object per line and file")
    intake.register(group)


def parse(arguments: argparse.Namespace) -> int:
    """Print every file, one after the other; 0 also for files that are broken or not there."""
    from opieka.channels.adapters.email import mapping

    for name in arguments.files:
        try:
            mail = mapping.parse(Path(name).read_bytes())
        except OSError as problem:
            print(f"opieka: {name}: {problem.strerror}", file=sys.stderr)  # noqa: T201 # the verb's output
            mail = None
        _write(_as_json(name, mail) if arguments.json else _as_text(name, mail or ParsedMail()))
    return 0


def _write(line: str) -> None:
    """UTF-8 whatever the terminal's locale; characters no text may hold (lone surrogates) are replaced."""
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")


def _as_json(name: str, mail: ParsedMail | None) -> str:
    return json.dumps({"file": name} | (as_dict(mail) if mail else _NOTHING), ensure_ascii=False)


def as_dict(mail: ParsedMail) -> dict[str, Any]:
    """The fields of `opieka mail parse --json` but for `file`; ids without angle brackets, `date` in UTC."""
    return {
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to[0] if mail.in_reply_to else None,
        "references": list(mail.references),
        "date": mail.date.isoformat() if mail.date else None,
        "subject": mail.subject,
        "from": _address(mail.sender) if mail.sender else None,
        "to": [_address(each) for each in mail.to],
        "cc": [_address(each) for each in mail.cc],
        "reply_to": [_address(each) for each in mail.reply_to],
        "text": mail.text,
        "html": mail.html,
        "reply_text": mail.reply_text,
        "quoted_text": mail.quoted_text,
        "attachments": [
            {
                "filename": each.filename,
                "content_type": each.content_type,
                "size": each.size,
                "md5": each.md5,
                "content_id": each.content_id,
                "inline": each.inline,
            }
            for each in mail.attachments
        ],
        "auto_reply": mail.auto_reply,
        "bounce": mail.bounce
        and {
            "kind": mail.bounce.kind.value,
            "status": mail.bounce.status,
            "recipient": mail.bounce.recipient,
        },
    }


_NOTHING: dict[str, Any] = dict.fromkeys(as_dict(ParsedMail()))


def _address(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.email}


def _as_text(name: str, mail: ParsedMail) -> str:
    people = {"From": [mail.sender] if mail.sender else [], "To": mail.to, "Cc": mail.cc}
    lines = [
        f"{name}",
        f"  Subject: {mail.subject}",
        f"  Date: {mail.date.isoformat() if mail.date else '-'}",
    ]
    lines += [f"  {field}: {', '.join(map(_shown, found))}" for field, found in people.items() if found]
    lines += [
        f"  Attachment: {each.filename or '-'} ({each.content_type}, {each.size} bytes)"
        for each in mail.attachments
    ]
    if mail.bounce:
        lines.append(
            f"  Bounce: {mail.bounce.kind.value} {mail.bounce.status} {mail.bounce.recipient or '-'}"
        )
    elif mail.auto_reply:
        lines.append("  Automatic reply")
    return "\n".join(
        [*lines, "", *(f"    {line}".rstrip() for line in mail.reply_text.strip().split("\n")), ""]
    )


def _shown(address: Address) -> str:
    return f"{address.name} <{address.email}>" if address.name else address.email
