"""The warehouse's own format: forgiving headers, letters, words and dates; a wrong line never stops the rest."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opieka.deliveries.carriers.base import Context, Reading, Unreadable
from opieka.deliveries.carriers.generic import mapping
from opieka.deliveries.carriers.generic.columns import COLUMNS, SYNONYMS, folded
from opieka.deliveries.carriers.generic.words import HANDED, LEGS, REASONS, STAGES
from opieka.deliveries.types import HandedTo, Leg, NoticeKind, ParcelStage, Reason

WARSAW = Context(zone=ZoneInfo("Europe/Warsaw"))


def table(*lines: str, encoding: str = "utf-8") -> Reading:
    return mapping.read("\n".join(lines).encode(encoding), WARSAW)


def documents(data: Any) -> Reading:
    return mapping.read(json.dumps(data).encode(), WARSAW)


class TestTables:
    @pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
    def test_any_usual_delimiter(self, sign: str) -> None:
        reading = table(
            sign.join(("tracking_number", "status", "at")), sign.join(("1", "delivered", "2026-03-01"))
        )
        assert reading.tracked[0].reports[0].stage is ParcelStage.DELIVERED

    @pytest.mark.parametrize(
        ("header", "encoding"),
        [
            ("Numer przesyłki;Etap;Czas", "cp1250"),
            ("Номер отправления;Статус;Дата", "cp1251"),
            ("Αποστολή;Κατάσταση;Ημερομηνία", "cp1253"),
            ("Номер отправления;Статус;Дата", "utf-8-sig"),
            ("Αποστολή;Κατάσταση;Ημερομηνία", "utf-16"),
        ],
    )
    def test_letters_of_four_languages_in_what_spreadsheets_save(self, header: str, encoding: str) -> None:
        reading = table(header, "1;in_transit;01.03.2026 10:00", encoding=encoding)
        assert reading.tracked[0].reports[0].at == datetime(2026, 3, 1, 9, tzinfo=UTC)

    @pytest.mark.parametrize(
        "written",
        [
            "2026-03-01 10:00",
            "2026-03-01T10:00:00+01:00",
            "1.3.2026 10:00",
            "01/03/2026 10:00:00",
            "2026/03/01 10:00",
        ],
    )
    def test_moments(self, written: str) -> None:
        reading = table("tracking_number;status;at", f"1;delivered;{written}")
        assert reading.tracked[0].reports[0].at == datetime(2026, 3, 1, 9, tzinfo=UTC)

    def test_a_date_that_ends_a_window_means_the_end_of_the_day(self) -> None:
        one = table("tracking_number;promised_from;promised_to", "1;05.03.2026;05.03.2026").tracked[0]
        assert one.promised_from == datetime(2026, 3, 4, 23, tzinfo=UTC)
        assert one.promised_to == datetime(2026, 3, 5, 22, 59, 59, tzinfo=UTC)

    def test_rows_of_one_parcel_are_joined(self) -> None:
        one = table(
            "carrier;tracking_number;order_number;status;at;service",
            "DPD;1;;in_transit;2026-03-02;",
            "DPD;1;77;label_created;2026-03-01;next day",
            "GLS;1;78;delivered;2026-03-01;",
        )
        assert [(t.carrier, t.order_number, len(t.reports)) for t in one.tracked] == [
            ("dpd", "77", 2),
            ("gls", "78", 1),
        ]
        assert one.tracked[0].service == "next day"

    def test_columns_that_are_events(self) -> None:
        (one,) = table("number;shipped_at;delivered_at", "1;2026-03-01;2026-03-03 12:00").tracked
        assert [report.stage for report in one.reports] == [ParcelStage.ACCEPTED, ParcelStage.DELIVERED]
        assert [report.raw_code for report in one.reports] == ["shipped_at", "delivered_at"]

    def test_a_row_may_announce_a_parcel_and_no_more(self) -> None:
        (one,) = table("number;order", "1;77").tracked
        assert (one.carrier, one.reports, one.order_number) == ("generic", (), "77")

    def test_a_parcel_of_a_carrier_nobody_knows_keeps_its_word(self) -> None:
        (one,) = table("number;carrier", "1;Gołąb").tracked
        assert (one.carrier, one.carrier_word) == ("", "Gołąb")

    @pytest.mark.parametrize(
        ("line", "where"),
        [
            (";delivered;2026-03-01", "line 2: tracking_number"),
            ("6,1E+23;delivered;2026-03-01", "line 2: tracking_number"),
            ("1;delivered;", "line 2: at"),
            ("1;delivered;32.13.2026", "line 2: at"),
        ],
    )
    def test_a_wrong_line_is_named_and_the_rest_read(self, line: str, where: str) -> None:
        reading = table("tracking_number;status;at", line, "2;delivered;2026-03-01")
        assert [notice.where for notice in reading.notices] == [where]
        assert reading.tracked[-1].tracking_number == "2"
        assert len(reading.tracked[-1].reports) == 1

    @pytest.mark.parametrize("raw", [b"", b"a;b\n1;2", b"{", b'"unclosed'])
    def test_what_is_no_table_is_unreadable(self, raw: bytes) -> None:
        with pytest.raises(Unreadable):
            mapping.read(raw, WARSAW)

    def test_a_spreadsheet_s_guard_around_a_number_is_taken_off(self) -> None:
        assert table("tracking_number", '"=""00123"""').tracked[0].tracking_number == "00123"


class TestDocuments:
    def test_events_without_a_parcel_around_them(self) -> None:
        reading = documents(
            {"events": [{"number": "1", "status": "delivered", "time": "2026-03-01T10:00:00Z"}]}
        )
        assert reading.tracked[0].reports[0].stage is ParcelStage.DELIVERED

    def test_one_parcel_alone_or_a_list(self) -> None:
        one = {"tracking_number": "1", "status": "in_transit", "at": "2026-03-01T10:00:00Z"}
        assert documents(one) == documents([one]) == documents({"parcels": [one]})

    def test_a_return_of_a_customer(self) -> None:
        event = {"status": "delivered", "at": "2026-03-01", "handed_to": "shop"}
        (one,) = documents({"tracking_number": "1", "leg": "return", "events": [event]}).tracked
        report = one.reports[0]
        assert (report.stage, report.leg, report.handed_to) == (
            ParcelStage.DELIVERED,
            Leg.CUSTOMER_RETURN,
            HandedTo.SHOP_STAFF,
        )

    def test_what_is_delivered_after_it_turned_back_is_returned(self) -> None:
        events = [{"status": "returning", "at": "2026-03-01"}, {"status": "delivered", "at": "2026-03-02"}]
        (one,) = documents({"tracking_number": "1", "events": events}).tracked
        assert one.reports[-1].stage is ParcelStage.RETURNED

    def test_an_own_code_without_a_status_is_kept(self) -> None:
        reading = documents({"tracking_number": "1", "code": "X9", "text": "?", "at": "2026-03-01"})
        report = reading.tracked[0].reports[0]
        assert (report.stage, report.raw_code) == (ParcelStage.UNKNOWN, "X9")

    def test_words_nobody_knows_are_noticed(self) -> None:
        reading = documents(
            {"tracking_number": "1", "status": "beamed", "reason": "aliens", "at": "2026-03-01"}
        )
        assert [notice.value for notice in reading.notices] == ["beamed", "aliens"]
        assert {notice.kind for notice in reading.notices} == {NoticeKind.UNKNOWN_CODE}


def test_every_stage_reason_leg_and_holder_has_its_own_name() -> None:
    assert {stage.value for stage in ParcelStage} <= set(STAGES)
    assert all(STAGES[stage.value].stage is stage for stage in ParcelStage)
    assert set(Reason) <= set(REASONS.values())
    assert set(Leg) <= set(LEGS.values())
    assert set(HandedTo) <= set(HANDED.values())


def test_words_are_written_as_they_are_compared() -> None:
    for word in (*COLUMNS, *STAGES, *REASONS, *LEGS, *HANDED):
        assert folded(word) == word
    named = [name for column, names in SYNONYMS.items() for name in (column, *names)]
    assert len(named) == len(set(named))
