"""`opieka mail parse`: one line of JSON per file, and status 0 whatever the files hold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from opieka.project.cli import main

FIELDS = [
    "file", "message_id", "in_reply_to", "references", "date", "subject", "from", "to", "cc", "reply_to",
    "text", "html", "reply_text", "quoted_text", "attachments", "auto_reply", "bounce",
]  # fmt: skip
MAIL = """\
Message-ID: <m1@example.pl>
In-Reply-To: <m0@example.pl>
References: <m9@example.pl> <m0@example.pl>
Date: Mon, 23 Nov 2026 10:00:00 +0100
From: Łucja <l@example.pl>
To: Sklep <sklep@example.pl>, b@example.pl
Subject: Re: zamówienie
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Dziękuję!

On Mon, Nov 23, 2026 at 9:00 AM Sklep <sklep@example.pl> wrote:
> Dzień dobry
--b
Content-Type: text/csv; name=a.csv

a;b
--b--
"""


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert main(["mail", "parse", "--json", *arguments]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_fields(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.eml"
    path.write_text(MAIL)
    (found,) = lines(capsys, str(path))
    assert list(found) == FIELDS
    assert "Dzień dobry" in str(found.pop("quoted_text"))
    assert "Dzień dobry" in str(found.pop("text"))
    assert found == {
        "file": str(path),
        "message_id": "m1@example.pl",
        "in_reply_to": "m0@example.pl",
        "references": ["m9@example.pl", "m0@example.pl"],
        "date": "2026-11-23T09:00:00+00:00",
        "subject": "Re: zamówienie",
        "from": {"name": "Łucja", "address": "l@example.pl"},
        "to": [{"name": "Sklep", "address": "sklep@example.pl"}, {"name": "", "address": "b@example.pl"}],
        "cc": [],
        "reply_to": [],
        "html": None,
        "reply_text": "Dziękuję!",
        "attachments": [
            {
                "filename": "a.csv",
                "content_type": "text/csv",
                "size": 3,
                "md5": "45d17989299efc4321960bf46f2ebd0a",
                "content_id": None,
                "inline": False,
            }
        ],
        "auto_reply": False,
        "bounce": None,
    }


def test_files_that_are_empty_broken_or_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty, broken, missing = tmp_path / "empty", tmp_path / "broken", tmp_path / "missing"
    empty.write_bytes(b"")
    broken.write_bytes(bytes(range(256)) * 20)
    found = lines(capsys, *map(str, (empty, broken, missing, tmp_path)))
    assert [list(each) for each in found] == [FIELDS] * 4
    assert (found[0]["text"], found[2]["text"], found[3]["text"]) == ("", None, None)


def test_a_missing_file_is_told_on_the_error_stream(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mail", "parse", str(tmp_path / "missing")]) == 0
    assert "No such file" in capsys.readouterr().err


def test_a_bounce(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.eml"
    path.write_text(
        "From: MAILER-DAEMON@x.pl\nSubject: failure notice\n\n<jan@y.pl>:\n550 5.1.1 no such user\n"
    )
    (found,) = lines(capsys, str(path))
    assert found["bounce"] == {"kind": "hard", "status": "5.1.1", "recipient": "jan@y.pl"}


def test_the_summary_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.eml"
    path.write_text(MAIL)
    assert main(["mail", "parse", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "Subject: Re: zamówienie" in shown
    assert "Attachment: a.csv (text/csv, 3 bytes)" in shown
    assert "Dziękuję!" in shown


def test_it_starts_without_django() -> None:
    code = (
        "import sys; from opieka.project.cli import main; main(['mail', 'parse', '--json', '/dev/null']);"
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
