"""Rules of the transport, as tables."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import opieka.channels
from opieka.channels import queries
from opieka.channels.policy import tags
from opieka.channels.policy.delivery import PATIENCE, STEPS, Step, after, diagram, next_try
from opieka.channels.policy.sniffing import sniff
from opieka.channels.types import DispatchState

README = Path(opieka.channels.__file__).parent / "README.md"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OVER = {DispatchState.BOUNCED, DispatchState.CANCELLED}


def test_nothing_leads_out_of_the_last_states_and_nothing_back_from_sent() -> None:
    for state, step in product(DispatchState, Step):
        if state in OVER:
            assert after(state, step) is None
        if state is DispatchState.SENT:
            assert after(state, step) in {None, DispatchState.BOUNCED}
    reached = set(STEPS.values()) | {DispatchState.HELD}
    assert reached == set(DispatchState)


def test_the_diagram_in_the_readme_is_the_table() -> None:
    drawn = re.search(r"```mermaid\n(.*?)\n```", README.read_text(), re.DOTALL)
    assert drawn
    assert drawn[1] == diagram()


@given(attempts=st.integers(1, 50), hours=st.integers(0, 200))
def test_pauses_grow_and_patience_ends(attempts: int, hours: int) -> None:
    at = next_try(attempts=attempts, since=NOW - timedelta(hours=hours), now=NOW)
    if timedelta(hours=hours) >= PATIENCE:
        assert at is None
    else:
        later = next_try(attempts=attempts + 1, since=NOW - timedelta(hours=hours), now=NOW)
        assert at is not None
        assert later is not None
        assert NOW < at <= later


@pytest.mark.parametrize(
    ("head", "claimed", "expected"),
    [
        (b"%PDF-1.7", "application/octet-stream", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "text/html", "image/png"),
        (b"\xff\xd8\xff\xe0", "", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "image/webp"),
        (b"XXXX\x00\x00\x00\x00WEBPVP8 \xff", "image/webp", "application/octet-stream"),
        (b"\x00\x00\x00\x18ftypmp42\x00", "video/mp4", "video/mp4"),
        (b"\x00\x00\x00\x18ftypheic\x00", "image/jpeg", "image/heic"),
        (b"PK\x03\x04\x14", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04\x14", "application/pdf", "application/zip"),
        (b"PK\x03\x04\x14", "image/svg+xml", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "application/msword"),
        (b"MZ\x90", "application/pdf", "application/vnd.microsoft.portable-executable"),
        (b"<html><script>", "text/html", "text/plain"),
        (b"<svg xmlns=", "image/svg+xml", "text/plain"),
        (b"alert(1)", "application/javascript", "text/plain"),
        (b"BEGIN:VCARD", "text/vcard", "text/vcard"),
        (b"{}", "application/json; charset=utf-8", "application/json"),
        ("zażółć".encode(), "text/csv", "text/csv"),
        ("ż".encode()[:1] * 1, "text/plain", "application/octet-stream"),
        (("a" * 511 + "ż").encode()[:512], "text/plain", "text/plain"),
        (b"\xff\xff\x01", "image/png", "application/octet-stream"),
        (b"\xff\xff\x01", "application/x-tar", "application/x-tar"),
        (b"\xff\xff\x01", 'a/b"onload=', "application/octet-stream"),
        (b"", "application/pdf", "text/plain"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_bytes_are(head: bytes, claimed: str, expected: str) -> None:
    assert sniff(head, claimed) == expected


@given(st.binary(max_size=600), st.text(max_size=60))
def test_nothing_is_called_what_a_browser_runs(head: bytes, claimed: str) -> None:
    kind = sniff(head, claimed)
    assert "html" not in kind
    assert "script" not in kind
    assert "svg" not in kind
    assert kind.count("/") == 1


@given(st.integers(1, 10**17))
def test_a_mark_is_found_in_ids_and_addresses(number: int) -> None:
    thread = f"conversation:{number}"
    mark = queries.reply_tag(thread)
    for text in (
        f"0a1b.{mark}@las.example",
        tags.with_tag("sklep@las.example", mark),
        f"X+{mark.upper()}@Y.Z",
    ):
        assert queries.own_thread([text]) == thread
    assert queries.own_thread([tags.with_tag("sklep@las.example", mark)[:-20]]) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sklep@las.example",
        "c17.aaaaaaaaaaaaaaaa@x",
        "a+c17.aaaaaaaaaaaaaaaa@x",
        "a+z17.aaaaaaaaaaaaaaaa@x",
    ],
)
def test_what_is_not_our_mark(text: str) -> None:
    assert queries.own_thread([text]) == ""


def test_a_mark_of_one_thread_is_not_good_for_another() -> None:
    mark = queries.reply_tag("conversation:17").replace("c17", "c18")
    assert queries.own_thread([f"a+{mark}@x"]) == ""


@pytest.mark.parametrize(
    ("address", "plain"),
    [("Sklep+x@Las.PL", "sklep@las.pl"), ("sklep@las.pl", "sklep@las.pl"), ("+x@las.pl", "+x@las.pl")],
)
def test_a_mailbox_without_its_mark(address: str, plain: str) -> None:
    assert tags.without_tag(address) == plain


def test_our_loop_mark() -> None:
    assert queries.is_own_mark(queries.loop_mark(7))
    assert not queries.is_own_mark(queries.loop_mark(7).replace("7.", "8."))
    assert not queries.is_own_mark("")
