"""Signatures against the vectors of Standard Webhooks and its own library; the tables of the rules."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from opieka.kernel import clock
from opieka.kernel.actor import Actor
from opieka.timeline.types import Entry
from opieka.webhooks import policy
from opieka.webhooks.types import AttemptTrouble, DeliveryState, Step
from tests.timeline.facts import Happened

README = Path(policy.__file__).parent / "README.md"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_vector_of_the_specification() -> None:
    """From the specification's own libraries, each of which tests it."""
    signed = policy.signature(KEY, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(min_size=24, max_size=64), st.text(), st.booleans())
def test_the_official_library_verifies_what_we_sign(key: bytes, text: str, rotating: bool) -> None:
    secret, other = policy.secret_of(key), policy.secret_of(b"o" * 32)
    body = policy._envelope("ParcelLate", NOON, {"text": text})
    now = int(clock.now().timestamp())
    sent = policy.headers([other, secret] if rotating else [secret], "msg_1", now, body)
    assert Webhook(secret).verify(body, sent)["data"] == {"text": text}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body + b" ", sent)


def test_while_a_secret_rotates_both_are_good() -> None:
    body, old, new = b"{}", policy.secret_of(b"a" * 24), policy.secret_of(b"b" * 24)
    sent = policy.headers([new, old], "msg_1", int(clock.now().timestamp()), body)
    assert re.fullmatch(r"v1,\S{44} v1,\S{44}", sent["webhook-signature"])
    for secret in (old, new):
        assert Webhook(secret).verify(body, sent) == {}


@pytest.mark.parametrize("size", [0, 23, 65])
def test_keys_are_of_a_sensible_size(size: int) -> None:
    with pytest.raises(ValueError, match="24 to 64"):
        policy.secret_of(b"a" * size)


def test_what_is_no_secret_signs_nothing() -> None:
    with pytest.raises(ValueError, match="no secret"):
        policy.key_of("whsec_ü")


def test_the_body_holds_type_timestamp_and_ids() -> None:
    entry = Entry(8, 2, 7, "parcel:9", Happened(number=3), Actor.staff(4), NOON)
    assert policy.body(entry) == (
        b'{"type":"Happened","timestamp":"2026-11-23T12:00:00Z","data":{"touchpoint_id":8,"shop_id":2,'
        b'"customer_id":7,"subject":"parcel:9","stage":"use","by":{"kind":"staff","id":4},"fact":{"number":3}}}'
    )


def test_the_table_of_retries_is_that_of_the_specification() -> None:
    since_start, at = [], NOON
    for failed in range(1, 10):
        due = policy.next_try(failed, now=at, wait=None, chance=0)
        assert due is not None
        at = due
        since_start.append(str(at - NOON).replace(" days, ", "d "))
    assert since_start == [
        "0:00:05", "0:05:05", "0:35:05", "2:35:05", "7:35:05", "17:35:05", "1 day, 7:35:05", "2d 3:35:05", "3d 3:35:05",
    ]  # fmt: skip
    assert policy.next_try(10, now=NOON, wait=None, chance=0) is None
    assert policy.next_try(10, now=NOON, wait=60, chance=0) is None


@given(st.integers(1, 9), st.floats(0, 1), st.none() | st.floats(0, 86_400))
def test_retries_are_never_earlier_than_the_table_nor_than_asked(
    failed: int, chance: float, wait: float | None
) -> None:
    due = policy.next_try(failed, now=NOON, wait=wait, chance=chance)
    assert due is not None
    least = max(policy.DELAYS[failed], timedelta(seconds=wait or 0))
    assert least <= due - NOON <= max(policy.DELAYS[failed] * 1.2, least)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 23 Nov 2026 12:01:00 GMT", 60),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("999999999", 86_400),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("²", None),
        ("Mon, 23 Nov 2026 12:01:00 -0000", None),
    ],
)
def test_what_retry_after_asks_for(header: str, seconds: float | None) -> None:
    assert policy.wait_asked(header, NOON) == seconds


@pytest.mark.parametrize(
    ("statuses", "trouble"),
    [
        ((200, 204, 299), None),
        ((300, 301, 304, 307), AttemptTrouble.REDIRECT),
        ((410,), AttemptTrouble.GONE),
        ((400, 404, 429, 500, 503), AttemptTrouble.ANSWER),
    ],
)
def test_only_2xx_is_success(statuses: tuple[int, ...], trouble: AttemptTrouble | None) -> None:
    assert {policy.trouble(status) for status in statuses} == {trouble}


@pytest.mark.parametrize(
    ("url", "possible"),
    [
        ("https://erp.example.com/hooks?key=1", True),
        ("https://erp.example.com:8443/", True),
        ("http://erp.internal/hooks", True),
        ("http://erp.example.com/hooks", False),
        ("https://user:pass@erp.example.com/", False),
        ("https://erp.example.com/#here", False),
        ("https://erp.example.com/a b", False),
        ("https://erp.example.com:port/", False),
        ("ftp://erp.example.com/", False),
        ("https:///hooks", False),
        ("https://[::1", False),
        ("erp.example.com", False),
        ("", False),
    ],
)
def test_addresses(url: str, possible: bool) -> None:
    assert policy.possible(url, internal=lambda host: host == "erp.internal") == possible


@pytest.mark.parametrize("state", DeliveryState)
@pytest.mark.parametrize("step", Step)
def test_a_step_is_taken_as_the_table_says_or_not_at_all(state: DeliveryState, step: Step) -> None:
    assert policy.after(state, step) == policy.STEPS.get((state, step))


def test_the_diagram_in_the_readme_is_the_table() -> None:
    drawn: Any = re.search(r"```mermaid\n(.*?)\n```", README.read_text(), re.DOTALL)
    assert drawn[1] == policy.diagram()
