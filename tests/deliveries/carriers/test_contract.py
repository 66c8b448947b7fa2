"""What every carrier must keep to: the same tests for each of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.base import Delivered, Reading, Refused, Unreadable
from opieka.deliveries.types import Leg, NoticeKind, ParcelStage
from opieka.kernel import clock
from tests.deliveries.carriers.mutating import spoiled, turned, with_unknown_codes
from tests.deliveries.carriers.samples import (
    INSIDE,
    NUMBERS,
    client,
    codes,
    context,
    credentials,
    fixtures,
    replay,
    written,
)

NAMES = sorted(CARRIERS)
POLLED = [name for name in NAMES if CARRIERS[name].capabilities.polling and name not in INSIDE]
HOOKED = [name for name in NAMES if CARRIERS[name].capabilities.webhooks]
WITH_CODES = [name for name in NAMES if codes(name)]
DOCUMENTS = [*fixtures("answer"), *fixtures("webhook")]
TREES = [(name, path) for name, path in DOCUMENTS if path.suffix in {".json", ".xml"}]
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

each_name = pytest.mark.parametrize("name", NAMES)
each_polled = pytest.mark.parametrize("name", POLLED)
each_document = pytest.mark.parametrize(
    ("name", "path"), DOCUMENTS, ids=[f"{name}/{path.name}" for name, path in DOCUMENTS]
)
each_tree = pytest.mark.parametrize(
    ("name", "path"), TREES, ids=[f"{name}/{path.name}" for name, path in TREES]
)


# What a carrier says of itself


@each_name
def test_what_it_can_do_is_there_to_do_it(name: str) -> None:
    carrier = CARRIERS[name]
    can = carrier.capabilities
    assert carrier.name == name
    assert carrier.title
    assert can.polling == (carrier.connect is not None)
    assert not can.webhooks or (carrier.read is not None and carrier.genuine is not None)
    assert not can.hint_only or can.polling, "a hint leads to a question"
    assert can.batch >= 1
    assert not carrier.zone or ZoneInfo(carrier.zone)
    assert not carrier.page or ("{number}" in carrier.page and carrier.page.startswith("https://"))


@each_name
def test_its_numbers_match_its_patterns_and_check_digit(name: str) -> None:
    carrier = CARRIERS[name]
    for pattern in carrier.capabilities.numbers:
        re.compile(pattern)
    if carrier.capabilities.numbers:
        number = NUMBERS[name]
        assert any(re.fullmatch(pattern, number) for pattern in carrier.capabilities.numbers)
        assert carrier.check(number) is not False


@each_name
@given(st.text(max_size=40))
def test_its_check_digit_takes_any_text(name: str, number: str) -> None:
    assert CARRIERS[name].check(number) in {True, False, None}


@each_polled
def test_its_credentials_are_complete(name: str) -> None:
    """A client asks for no field but those a shop was asked to fill in; the optional ones may be empty."""
    carrier = CARRIERS[name]
    needed = dict.fromkeys(carrier.capabilities.credentials, "filled")
    asked = client(carrier, lambda request: httpx.Response(404, text="no"), needed)
    with pytest.raises(Refused):
        asked.track((NUMBERS[name],))


# What it reads


@each_document
def test_each_recorded_document_is_mapped_as_written_beside_it(name: str, path: Path) -> None:
    assert written(replay(name, path)) == path.with_suffix(".txt").read_text()


@each_polled
def test_each_carrier_that_is_asked_has_recorded_answers(name: str) -> None:
    assert [found for found, _ in fixtures("answer") if found == name]


@pytest.mark.parametrize("name", sorted(set(HOOKED) - INSIDE))
def test_each_carrier_that_sends_has_recorded_webhooks(name: str) -> None:
    assert [found for found, _ in fixtures("webhook") if found == name]


@each_document
def test_times_are_aware_and_the_carriers_own_words_kept(name: str, path: Path) -> None:
    for one in replay(name, path).tracked:
        assert one.tracking_number
        for report in one.reports:
            times = (report.at, report.collect_by, report.expected_from, report.expected_to)
            assert all(at.utcoffset() is not None for at in times if at is not None)
            assert report.raw_code or report.raw_text


@each_document
def test_nothing_on_its_way_back_is_delivered(name: str, path: Path) -> None:
    for one in replay(name, path).tracked:
        for report in one.reports:
            assert (report.stage, report.leg) != (ParcelStage.DELIVERED, Leg.RETURNING_TO_SENDER)


@each_tree
def test_the_order_of_events_does_not_matter(name: str, path: Path) -> None:
    assert unordered(replay(name, path, turned(path))) == unordered(replay(name, path))


@each_tree
@settings(max_examples=60)
@given(data=st.data())
def test_whatever_stands_in_a_document_breaks_nothing(name: str, path: Path, data: st.DataObject) -> None:
    try:
        reading = replay(name, path, spoiled(path, data))
    except (Unreadable, Refused):
        return
    assert isinstance(reading, Reading)
    written(reading)


@pytest.mark.parametrize("name", HOOKED)
@pytest.mark.parametrize(
    "raw", [b"", b"{", b"null", b"[]", b"7", b"\xff\xfe\x00", b"<html></html>", b"{}", b"[" * 9999]
)
def test_a_webhook_that_is_none_is_unreadable_or_noticed(name: str, raw: bytes) -> None:
    carrier = CARRIERS[name]
    assert carrier.read is not None
    try:
        reading = carrier.read(raw, context(carrier))
    except Unreadable:
        return
    assert not any(one.reports for one in reading.tracked)


@pytest.mark.parametrize("name", HOOKED)
def test_a_webhook_is_not_believed_without_proof(name: str) -> None:
    carrier = CARRIERS[name]
    assert carrier.genuine is not None
    forged = Delivered(raw=b"{}", remote="203.0.113.7")
    assert not carrier.genuine(forged, {})
    assert not carrier.genuine(forged, dict.fromkeys(carrier.capabilities.credentials, ""))
    assert not carrier.genuine(forged, credentials(carrier))
    assert not carrier.genuine(Delivered(raw=b"{}", remote=""), {})


@pytest.mark.parametrize("name", [name for name in HOOKED if CARRIERS[name].capabilities.hint_only])
def test_a_hint_tells_nothing_but_whom_to_ask_about(name: str) -> None:
    for found, path in fixtures("webhook"):
        assert found != name or replay(name, path).tracked == ()


# Its codes


@pytest.mark.parametrize("name", WITH_CODES)
def test_codes_are_folded_and_hang_together(name: str) -> None:
    back = {ParcelStage.RETURNING, ParcelStage.RETURNED}
    for code, meaning in codes(name).items():
        assert code == code.strip().casefold(), code
        assert meaning.collect_within is None or meaning.stage is ParcelStage.AWAITING_COLLECTION, code
        assert meaning.leg is Leg.OUTBOUND or meaning.stage is not ParcelStage.DELIVERED, code
        assert meaning.stage is not ParcelStage.RETURNED or meaning.leg is Leg.RETURNING_TO_SENDER, code
        assert meaning.leg is not Leg.RETURNING_TO_SENDER or meaning.stage in back, code


@each_tree
def test_an_unknown_code_is_kept_and_noticed(name: str, path: Path) -> None:
    """Every text that is a known code becomes one nobody knows: no stage is guessed, and a person hears of it."""
    table = codes(name)
    if not table:
        pytest.skip("it has no table of codes")
    before = replay(name, path)
    after = replay(name, path, with_unknown_codes(path, table))
    if not any(one.reports for one in before.tracked):
        return
    assert any(notice.kind is NoticeKind.UNKNOWN_CODE for notice in after.notices)
    stages = {report.stage for one in after.tracked for report in one.reports}
    assert ParcelStage.DELIVERED not in stages


# How it asks


@each_polled
@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, "bad_request"),
        (401, "bad_credentials"),
        (403, "not_allowed"),
        (404, "not_found"),
        (418, "answer"),
        (500, "unavailable"),
        (502, "unavailable"),
        (302, "moved"),
    ],
)
def test_a_no_is_refused_with_its_reason(name: str, status: int, reason: str) -> None:
    asked = client(CARRIERS[name], lambda request: httpx.Response(status, text="<html>no</html>"))
    with pytest.raises(Refused) as caught:
        asked.track((NUMBERS[name],))
    assert caught.value.reason == reason


@each_polled
@pytest.mark.parametrize("status", [429, 503])
def test_a_carrier_says_when_to_come_back(name: str, status: int) -> None:
    def busy(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers={"Retry-After": "30"}, text="later")

    with clock.fixed(NOW), pytest.raises(Refused) as caught:
        client(CARRIERS[name], busy).track((NUMBERS[name],))
    assert caught.value.reason in {"busy", "unavailable"}
    assert caught.value.retry_after == NOW + timedelta(seconds=30)


@each_polled
def test_a_page_for_people_is_no_answer(name: str) -> None:
    asked = client(CARRIERS[name], lambda request: httpx.Response(200, html="<!doctype html><p>Sign in</p>"))
    with pytest.raises(Refused) as caught:
        asked.track((NUMBERS[name],))
    assert caught.value.reason in {"not_json", "not_xml"}


@each_polled
def test_a_line_that_is_down_is_refused(name: str) -> None:
    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("too long", request=request)

    with pytest.raises(Refused, match="unreachable"):
        client(CARRIERS[name], down).track((NUMBERS[name],))


@each_polled
def test_it_asks_over_https_for_each_number_and_no_more_at_once_than_it_may(name: str) -> None:
    carrier = CARRIERS[name]
    numbers = tuple(
        f"{NUMBERS[name][:-3]}{position:03}" for position in range(carrier.capabilities.batch + 1)
    )
    requests: list[httpx.Request] = []

    def listening(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(418)

    asked = client(carrier, listening)
    with pytest.raises(Refused):
        asked.track(numbers)
    said = f"{requests[0].url} {requests[0].content.decode()}"
    assert requests[0].url.scheme == "https"
    assert sum(number in said for number in numbers) <= carrier.capabilities.batch
    assert numbers[0] in said


@each_polled
def test_a_number_cannot_lead_elsewhere(name: str) -> None:
    hosts: list[str] = []

    def listening(request: httpx.Request) -> httpx.Response:
        hosts.append(str(request.url.copy_with(query=None)))
        return httpx.Response(418)

    for number in ("../../admin", "1?x=2#y", "1/2", "http://example.com/"):
        with pytest.raises((Refused, Unreadable)):
            client(CARRIERS[name], listening).track((number,))
    assert not [url for url in hosts if "example.com/" in url or "/admin" in url or "/../" in url]


def unordered(reading: Reading) -> tuple[object, ...]:
    tracked = {
        (one.tracking_number, one.service): sorted(one.reports, key=lambda r: (r.at, r.raw_code, r.raw_text))
        for one in reading.tracked
    }
    return tracked, set(reading.notices), set(reading.hints)
