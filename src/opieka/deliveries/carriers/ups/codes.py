"""UPS's codes: the table "Status/Description Codes", whole, and reasons from "Package Exceptions".

What was only asked for, promised or paid says nothing of where the parcel is: no stage, at most a reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers.base import NO_MEANING, Meaning, grouped
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason

BACK = Leg.RETURNING_TO_SENDER

CODES: Mapping[str, Meaning] = grouped(
    # order processed; on the way to UPS; scheduled for pickup
    (Meaning(ParcelStage.LABEL_CREATED), "003 044 045 077 079 080 157 166"),
    # pickup voided or attempted in vain
    (Meaning(ParcelStage.LABEL_CREATED, Reason.RETAILER_NOT_HANDED_OVER), "043 065 131 135"),
    (Meaning(ParcelStage.CANCELLED, Reason.RETAILER_CANCELLED), "007"),
    # picked up; dropped off at a store or access point
    (Meaning(ParcelStage.ACCEPTED), "038 160 167 168 169"),
    # on the way, through customs, with the delivery partner ("delivered to agent" too)
    (
        Meaning(ParcelStage.IN_TRANSIT),
        "005 010 012 014 016 025 039 042 047 057 070 071 073 074 075 084 087 092 093 094 134 137 138 143 158 159"
        " 164 165",
    ),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.CARRIER_DELAY), "046 048 086 090"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.WEATHER), "032 051 052 053"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.CONSIGNEE_REDIRECTED), "028 063"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.CONSIGNEE_RESCHEDULED), "019"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.OTHER), "055 136"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.CUSTOMS_DELAY), "123 126"),
    (Meaning(ParcelStage.IN_TRANSIT, Reason.SECURITY), "132"),
    (Meaning(ParcelStage.OUT_FOR_DELIVERY), "006 021 037 072 078 089 091 146 162"),
    # held for pickup; at an access point; at the post office
    (Meaning(ParcelStage.AWAITING_COLLECTION), "017 040 144 161"),
    (Meaning(ParcelStage.ATTEMPT_FAILED), "022 023 024 060 066 145"),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_NO_IDENTIFICATION), "061"),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_NO_PAYMENT), "062"),
    (Meaning(ParcelStage.ATTEMPT_FAILED, Reason.CONSIGNEE_REFUSED), "064"),
    (Meaning(ParcelStage.EXCEPTION, Reason.OTHER), "013 029 030 069 076 129 130"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_DELAY), "049"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_HELD), "083"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CARRIER_DAMAGED), "059"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CONSIGNEE_WRONG_ADDRESS), "050"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CONSIGNEE_NO_PAYMENT), "085"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CONSIGNEE_NO_ACCESS), "139"),
    (Meaning(ParcelStage.EXCEPTION, Reason.CUSTOMS_DOCUMENTS), "058 124 125 141"),
    (Meaning(ParcelStage.EXCEPTION, Reason.SECURITY), "147"),
    (Meaning(ParcelStage.LOST, Reason.CARRIER_LOST), "068"),
    (Meaning(ParcelStage.LOST, Reason.CARRIER_DESTROYED), "149"),
    (Meaning(ParcelStage.DELIVERED), "011 026"),
    (Meaning(ParcelStage.RETURNING, Reason.NONE, BACK), "035 036 067 118"),
    (Meaning(ParcelStage.RETURNING, Reason.CARRIER_DAMAGED, BACK), "081"),
    (Meaning(ParcelStage.RETURNED, Reason.NONE, BACK), "034"),
    # wishes of the customer
    (
        Meaning(ParcelStage.UNKNOWN, Reason.CONSIGNEE_REDIRECTED),
        "018 027 054 096 097 100 101 106 107 108 109",
    ),
    (Meaning(ParcelStage.UNKNOWN, Reason.CONSIGNEE_RESCHEDULED), "020 095 115 116 120 121"),
    # not available; upgrades, ice, photos, claims, other wishes
    (
        NO_MEANING,
        "000 033 041 056 082 088 098 099 102 103 104 105 110 111 112 113 114 117 119 122 127 128 133 140 142 148"
        " 153 154 155 156 163",
    ),
)

REASONS: Mapping[str, Reason] = {
    code: reason
    for reason, codes in (
        (Reason.CARRIER_DELAY, "2 3 4 8 11 17 18 19 22 31 87 1B 1K 1L 1P 1Q 1V"),
        (Reason.CARRIER_MISSORTED, "1 6 7 34"),
        (Reason.CARRIER_VEHICLE, "15 16 23 68 1O"),
        (Reason.CARRIER_CAPACITY, "1G 1H"),
        (Reason.CARRIER_DAMAGED, "13 45 64 65 66 67"),
        (Reason.CARRIER_LOST, "24 25 26 27 93"),
        (Reason.CARRIER_DESTROYED, "1F"),
        (Reason.CARRIER_OVERSIZED, "84"),
        (Reason.CARRIER_REJECTED, "46 47 60 73"),
        (Reason.CARRIER_HELD, "72"),
        (Reason.CUSTOMS_DELAY, "5 1U"),
        (Reason.CUSTOMS_DOCUMENTS, "29 40 43 71 1W"),
        (Reason.CUSTOMS_DUTIES, "1C"),
        (Reason.CUSTOMS_REFUSED, "90"),
        (Reason.RETAILER_CANCELLED, "30 37"),
        (Reason.RETAILER_LABEL, "33 91"),
        (Reason.CONSIGNEE_ABSENT, "48 49"),
        (Reason.CONSIGNEE_NO_PAYMENT, "51 52"),
        (Reason.CONSIGNEE_CLOSED, "55"),
        (Reason.CONSIGNEE_NO_ACCESS, "95"),
        (Reason.CONSIGNEE_RESCHEDULED, "14"),
        (Reason.CONSIGNEE_REDIRECTED, "39 54 78 89"),
        (Reason.WEATHER, "1E"),
        (Reason.OTHER, "63 99 1A"),
    )
    for code in codes.split()
}
"""Why, by the code of an activity of type X."""

LEFT_AT: Mapping[str, HandedTo] = {
    "met customer": HandedTo.RECIPIENT,
    "met customer woman": HandedTo.RECIPIENT,
    "met customer man": HandedTo.RECIPIENT,
    "neighbor": HandedTo.NEIGHBOUR,
    "neighbour": HandedTo.NEIGHBOUR,
    **dict.fromkeys(
        (
            "front door",
            "back door",
            "side door",
            "rear door",
            "porch",
            "patio",
            "deck",
            "garage",
            "mail room",
        ),
        HandedTo.SAFE_PLACE,
    ),
}
"""Who has it, by `deliveryInformation.location`."""
