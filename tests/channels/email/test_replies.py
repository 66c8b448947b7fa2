"""The standard replies of real mail programs (mailgun/talon), through the whole parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from opieka.channels.adapters.email.mapping import parse


@pytest.mark.shared
def test_what_is_new_in_the_replies_of_mail_programs(shared: Path) -> None:
    paths = sorted((shared / "fixtures" / "replies" / "talon" / "standard_replies").glob("*.eml"))
    assert len(paths) == 12
    for path in paths:
        beside = path.with_name(f"{path.stem}_reply_text")
        found = parse(path.read_bytes())
        assert found.reply_text == "Hello", path.name
        # Where a file tells the answer it includes the signature, which we fold with the history.
        expected = beside.read_text().split() if beside.exists() else ["Hello"]
        shown = f"{found.reply_text} {found.quoted_text}".split()
        assert shown[: len(expected)] == expected, path.name
        assert len(shown) > len(expected), path.name
