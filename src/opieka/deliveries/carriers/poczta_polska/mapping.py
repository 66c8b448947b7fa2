"""What Poczta Polska's sprawdzPrzesylke says.

"Odebranie w urzędzie wymiany" is an arrival at an exchange office, not a collection; "awizo" is a notice left after
nobody opened, the item itself waits at the office from its own event on.
"""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers.base import (
    NO_MEANING,
    Context,
    Json,
    Meaning,
    Notes,
    Reading,
    Refused,
    Unreadable,
    each,
    grouped,
    homeward,
    moment,
    objects,
    required,
    text,
)
from opieka.deliveries.carriers.soap import document
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason, Tracking, TrackingReport

NOT_KNOWN = {"-1", "-2", "2"}
"""No such item, no such number, no events (yet)."""
TROUBLE = "-99"

CODES: Mapping[str, Meaning] = grouped(
    (Meaning(ParcelStage.LABEL_CREATED), "p_rej p_rej_kn1"),
    (Meaning(ParcelStage.ACCEPTED), "p_nad"),
    # with a load, out of an office, at the delivering office, through an exchange office, abroad, into Poland
    (
        Meaning(ParcelStage.IN_TRANSIT),
        "p_pzl p_wzl p_z p_rud p_owuwpp p_owuwpw p_weoc p_wepl p_wyoc p_wypl",
    ),
    # to customs, taken in, sent on, released
    (Meaning(ParcelStage.IN_TRANSIT), "p_pcwy p_pcp p_scp p_wpucpp p_wpucwkp p_zzc"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.CUSTOMS_DELAY), "p_zpucpp p_zpucwkp p_zwc p_zwmc"),
    (Meaning(ParcelStage.OUT_FOR_DELIVERY), "p_wd p_wdml"),
    # in the book of notices, in the post box, the customer was told (again) that it waits
    (Meaning(ParcelStage.AWAITING_COLLECTION), "p_dkao p_kwd p_pa p_s p_powe p_pows"),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_ABSENT), "p_a"),
    (Meaning(ParcelStage.ATTEMPT_FAILED), "p_nd p_ndpd p_ndpj p_ndzap"),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_RESCHEDULED), "p_r"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_HELD), "p_ndzkon"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CONSIGNEE_UNKNOWN), "p_wdunp"),
    (Meaning(ParcelStage.DELIVERED), "p_d"),
    (Meaning(ParcelStage.DELIVERED, handed_to=HandedTo.COLLECTED_AT_POINT), "p_owu p_wupd"),
    (Meaning(ParcelStage.RETURNING, Reason.NONE, Leg.RETURNING_TO_SENDER), "p_ndz p_zdun p_czdkn"),
    # corrections of a result; messages sent; duty settled
    (
        NO_MEANING,
        "p_ak p_dkaok p_ndk p_ndzk p_owuk p_sdunpk p_pooe p_poos p_poze p_pozs p_wsms p_rozl_cel",
    ),
)


def answer(raw: bytes, context: Context) -> Reading:
    """What sprawdzPrzesylke says of one item."""
    data = document(raw)
    found = objects(data, "sprawdzPrzesylkeResponse", "return")
    if not found:
        raise Unreadable("sprawdzPrzesylkeResponse")
    status = text(found[0], "status")
    if status == TROUBLE:
        raise Refused("unavailable", "status -99")
    if status in NOT_KNOWN:
        return Reading()
    notes = Notes()
    return notes.reading(_item(found[0], context, notes))


def _item(data: Json, context: Context, notes: Notes) -> Tracking:
    number = text(data, "numer") or required(data, "danePrzesylki", "numer")
    events = objects(data, "danePrzesylki", "zdarzenia", "zdarzenie")
    reports = each(events, lambda event: _report(event, context, notes), notes)
    return Tracking(
        carrier="poczta_polska",
        tracking_number=number,
        reports=homeward(reports),
        service=text(data, "danePrzesylki", "rodzPrzes"),
    )


def _report(event: Json, context: Context, notes: Notes) -> TrackingReport:
    code = required(event, "kod")
    meaning = notes.meaning(CODES, code, where="kod")
    why = text(event, "przyczyna", "nazwa")
    name = text(event, "nazwa")
    return TrackingReport(
        at=moment(required(event, "czas"), context.zone, "czas"),
        stage=meaning.stage,
        raw_code=code,
        raw_text=f"{name}: {why}" if why else name,
        reason=meaning.reason,
        leg=meaning.leg,
        handed_to=meaning.handed_to,
        depot=text(event, "jednostka", "nazwa"),
        city=text(event, "jednostka", "daneSzczegolowe", "miejscowosc"),
    )
