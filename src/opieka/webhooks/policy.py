"""Signing as Standard Webhooks describes it, what an answer means, and when to try again. No I/O.

Source: the specification of Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks).
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from opieka.kernel import facts
from opieka.timeline.types import Entry
from opieka.webhooks.types import AttemptTrouble, DeliveryState, Step

STEPS: Mapping[tuple[DeliveryState, Step], DeliveryState] = {
    (DeliveryState.PENDING, Step.CLAIM): DeliveryState.SENDING,
    (DeliveryState.FAILED, Step.CLAIM): DeliveryState.SENDING,
    (DeliveryState.SENDING, Step.CLAIM): DeliveryState.SENDING,
    (DeliveryState.SENDING, Step.SUCCEED): DeliveryState.DELIVERED,
    (DeliveryState.SENDING, Step.FAIL): DeliveryState.FAILED,
    (DeliveryState.SENDING, Step.GIVE_UP): DeliveryState.GAVE_UP,
    (DeliveryState.FAILED, Step.REPLAY): DeliveryState.PENDING,
    (DeliveryState.GAVE_UP, Step.REPLAY): DeliveryState.PENDING,
    (DeliveryState.DELIVERED, Step.REPLAY): DeliveryState.PENDING,
}

DELAYS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after the one before each attempt follows; with the last one patience is at an end."""
JITTER = 0.2
"""Up to this share is added to a delay, so that what failed together does not come back together."""
LONGEST_WAIT = timedelta(hours=24)
PATIENCE = timedelta(days=5)
"""An endpoint at which nothing has succeeded for so long is disabled."""
OVERLAP = timedelta(hours=24)
"""For so long after a rotation the secret before is valid too."""
TIMEOUT = 20.0
"""Seconds for one whole answer; the specification recommends 15 to 30."""
LEASE = timedelta(seconds=90)
"""After so long without an outcome, whoever made the attempt is taken for dead."""
AT_ONCE, PROBING = 8, 1
"""How many requests an endpoint gets at the same time while all is well, and while it fails."""
ATTEMPTS_KEPT = 30
EXCERPT = 500
GONE = 410
TEST = "WebhookTest"
"""The type of a test; no fact is called so."""

_PREFIX = "whsec_"


def after(state: DeliveryState, step: Step) -> DeliveryState | None:
    """The state a step leads to; None when it cannot be taken."""
    return STEPS.get((state, step))


def diagram() -> str:
    """STEPS as a Mermaid state diagram; the README shows it."""
    lines = [f"    {state} --> {to}: {step}" for (state, step), to in STEPS.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> pending", *lines])


def secret_of(key: bytes) -> str:
    """A key of 24 to 64 bytes as receivers are given it."""
    if not 24 <= len(key) <= 64:
        raise ValueError("a key has 24 to 64 bytes")
    return _PREFIX + base64.b64encode(key).decode()


def key_of(secret: str) -> bytes:
    """The inverse of `secret_of`, with or without its prefix; ValueError."""
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError as error:
        raise ValueError("this is no secret of a webhook") from error


def signature(secret: str, message_id: str, at: int, body: bytes) -> str:
    """`v1,` and the base64 HMAC-SHA256 of `message_id.at.body`; `at` in seconds since 1970."""
    signed = b".".join((message_id.encode(), str(at).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, "sha256")).decode()


def headers(secrets: Iterable[str], message_id: str, at: int, body: bytes) -> dict[str, str]:
    """The headers that say who sends: with several secrets, a signature by each."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(secret, message_id, at, body) for secret in secrets),
        "content-type": "application/json",
        "user-agent": "Opieka",
    }


def body(entry: Entry) -> bytes:
    """What is sent of a touchpoint: ids, numbers and codes, as the fact holds them."""
    told = {
        "touchpoint_id": entry.id,
        "shop_id": entry.shop_id,
        "customer_id": entry.customer_id,
        "subject": entry.subject,
        "stage": entry.fact.stage.value,
        "by": {"kind": entry.by.kind.value, "id": entry.by.id},
        "fact": facts.dump(entry.fact),
    }
    return _envelope(entry.fact.kind, entry.at, told)


def test_body(endpoint_id: int, at: datetime) -> bytes:
    """What a test sends."""
    return _envelope(TEST, at, {"endpoint_id": endpoint_id})


def _envelope(kind: str, at: datetime, data: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"type": kind, "timestamp": at, "data": data})


def trouble(status: int) -> AttemptTrouble | None:
    """What is wrong with an answer; None with 2xx."""
    if 200 <= status < 300:
        return None
    if status == GONE:
        return AttemptTrouble.GONE
    return AttemptTrouble.REDIRECT if 300 <= status < 400 else AttemptTrouble.ANSWER


def wait_asked(retry_after: str, now: datetime) -> float | None:
    """Seconds a receiver asks to be left alone (Retry-After: a number or a date), a day at most; None without."""
    told = retry_after.strip()
    try:
        seconds = float(told) if told.isdigit() else (parsedate_to_datetime(told) - now).total_seconds()
    except (TypeError, ValueError):
        return None
    return min(max(0.0, seconds), LONGEST_WAIT.total_seconds())


def next_try(attempts: int, *, now: datetime, wait: float | None, chance: float) -> datetime | None:
    """When the attempt after so many failed ones is due; None when the table is at its end.

    `wait` is what the receiver asked for, in seconds; `chance` from 0 to 1 chooses the jitter.
    """
    if attempts >= len(DELAYS):
        return None
    delay = DELAYS[attempts] * (1 + JITTER * chance)
    return now + max(delay, timedelta(seconds=wait or 0))


def possible(url: str, *, internal: Callable[[str], bool]) -> bool:
    """Whether webhooks can go to an address: by https, or to a host that is `internal`.

    Anywhere else everybody on the way could read along; a password in the address would be kept unencrypted.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or not url.isprintable() or " " in url:
        return False
    if parts.username is not None or parts.password is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and internal(host))
