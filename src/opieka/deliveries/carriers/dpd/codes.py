"""The business codes of DPD Polska.

A notification that was sent, a document on its way back and a date agreed upon say nothing of where the parcel is.
"""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers.base import NO_MEANING, Meaning, grouped
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason

CODES: Mapping[str, Meaning] = grouped(
    # data registered; a courier was asked to collect
    (Meaning(ParcelStage.LABEL_CREATED), "030103 654321"),
    # collection postponed or given up: nobody there, not ready, no time, wrong address, other weight
    (
        Meaning(ParcelStage.LABEL_CREATED, Reason.RETAILER_NOT_HANDED_OVER),
        "040501 040503 040504 040601 040603 040604 040605",
    ),
    (Meaning(ParcelStage.LABEL_CREATED, Reason.CARRIER_CAPACITY), "040502 040505"),
    # the collection was not needed: already sent
    (NO_MEANING, "040602"),
    (Meaning(ParcelStage.ACCEPTED), "040101 040102 410135"),
    # at a depot or the sorting area, repacked, sent on abroad, between a pickup point and a courier or depot
    (
        Meaning(ParcelStage.IN_TRANSIT),
        "050101 050102 110302 120100 120101 120102 120103 120104 150301 160101 160103 160501 160502 160503 170302"
        " 220101 230101 230405 320201 320202 330135 330137 370101 511801 600101 600102 600105 600106 700401 701701",
    ),
    # sorted wrongly; not in the depot it should be in
    (
        Meaning(ParcelStage.IN_TRANSIT, Reason.CARRIER_MISSORTED),
        "160102 160202 170205 230207 230208 230209 230210 260403 230309",
    ),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.CONSIGNEE_REDIRECTED), "230402"),
    (Meaning(ParcelStage.OUT_FOR_DELIVERY), "170101 170102"),
    # brought to, taken in by, kept at a pickup point
    (
        Meaning(ParcelStage.AWAITING_COLLECTION),
        "170501 502300 511201 511901 511902 600103 600104 703201",
    ),
    (Meaning(ParcelStage.AWAITING_COLLECTION, Reason.CARRIER_DAMAGED), "511903 512001"),
    (
        Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_ABSENT),
        "200201 200202 200203 200204 200205 200206 500019 500037 500042 500419 500437 500442",
    ),
    (
        Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_WRONG_ADDRESS),
        "200300 200301 200302 200303 200304 200305 200306 200307 200308 200309 200310 210109 500011 500411 500811",
    ),
    # refused, given up, not ordered, late, incomplete
    (
        Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_REFUSED),
        "200400 200402 200403 200404 200411 200415 200416 200700 200702 200703 200704 200711 200715 200716"
        " 500015 500414 500415 600402 600403 600404 600411 600415 600416 600503 600702 600703 600704 600711"
        " 600715 600716 702001",
    ),
    (
        Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CARRIER_DAMAGED),
        "200414 200714 600414 600714",
    ),
    # no cash, another way to pay, another amount
    (
        Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_NO_PAYMENT),
        "200401 200405 200406 200408 200409 200410 200701 200705 200706 200708 200709 200710 500046 500085 500446"
        " 500485 500885 600401 600405 600406 600701 600705 600706",
    ),
    # return documents or the return parcel missing or wrong
    (
        Meaning(ParcelStage.ATTEMPT_FAILED, Reason.RETAILER_DOCUMENTS),
        "200412 200413 200712 200713 600412 600413 600712 600713",
    ),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.OTHER), "200505 600505"),
    (
        Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_NO_IDENTIFICATION),
        "200500 200501 200502 200503 200504 600501 600502 600504 702102",
    ),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_NO_ACCESS), "200801"),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_REDIRECTED), "600602"),
    # agreed with the customer: another date, collection
    (Meaning(ParcelStage.UNKNOWN, Reason.CONSIGNEE_RESCHEDULED), "200601 200604 210111 600601"),
    (Meaning(ParcelStage.UNKNOWN, Reason.CONSIGNEE_REDIRECTED), "200602"),
    (Meaning(ParcelStage.EXCEPTION, Reason.OTHER), "370201 370202 370203 370204 370205 370206"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CONSIGNEE_NOT_COLLECTED), "230506"),
    (Meaning(ParcelStage.LOST, Reason.CARRIER_DESTROYED), "230310"),
    (
        Meaning(ParcelStage.DELIVERED),
        "190101 190102 190103 190104 190105 190201 190202 190203 190204 190205 501300 501304 501340",
    ),
    (Meaning(ParcelStage.DELIVERED, handed_to=HandedTo.COLLECTED_AT_POINT), "701901 701902"),
    # on its way back; it is back when it is delivered after this
    (
        Meaning(ParcelStage.RETURNING, Reason.NONE, Leg.RETURNING_TO_SENDER),
        "230403 500610 500611 500612 500614 500615 500616 500617 500624 500629 500630 500633 500635 500637 500639"
        " 500642 500649 500661 500684 500685",
    ),
    # mails and messages sent, another weight, a document on its way back
    (
        NO_MEANING,
        "170304 170305 170306 170307 170308 170309 170310 240304 250301 511701 511702 511703 511704",
    ),
)
