"""How warehouses and own drivers name the stages and reasons: our codes, and what people write in four languages."""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers.base import Meaning
from opieka.deliveries.carriers.generic.columns import folded
from opieka.deliveries.types import HandedTo, Leg, ParcelStage, Reason

S, R = ParcelStage, Reason
HOME = Leg.RETURNING_TO_SENDER

_KNOWN: Mapping[Meaning, tuple[str, ...]] = {
    Meaning(S.LABEL_CREATED): (
        "created", "label", "label_printed", "packed", "ready_to_ship", "pre_transit", "awaiting_pickup",
        "utworzona", "etykieta", "spakowana", "создан", "собран", "упакован", "δημιουργηθηκε",
    ),
    Meaning(S.ACCEPTED): (
        "picked_up", "collected", "shipped", "dispatched", "handed_over", "received_by_carrier",
        "nadana", "nadano", "wyslana", "odebrana_od_nadawcy", "отправлен", "передан_в_доставку", "εσταλη",
    ),
    Meaning(S.IN_TRANSIT): ("transit", "on_the_way", "w_drodze", "w_transporcie", "в_пути", "σε_μεταφορα", "καθ_οδον"),
    Meaning(S.OUT_FOR_DELIVERY): (
        "out", "on_van", "with_courier", "w_doreczeniu", "wydana_do_doreczenia", "у_курьера", "передан_курьеру",
        "προς_παραδοση", "σε_διανομη",
    ),
    Meaning(S.AWAITING_COLLECTION): (
        "ready_for_collection", "ready_for_pickup", "available_for_pickup", "at_pickup_point", "in_locker",
        "gotowa_do_odbioru", "do_odbioru", "ожидает_получения", "готов_к_выдаче", "διαθεσιμο_για_παραλαβη",
    ),
    Meaning(S.ATTEMPT_FAILED): (
        "failed_attempt", "not_delivered", "delivery_failed", "niedoreczona", "nieudana_proba",
        "не_вручен", "неудачная_попытка", "αποτυχια_παραδοσης",
    ),
    Meaning(S.EXCEPTION): ("problem", "on_hold", "wyjatek", "wstrzymana", "проблема", "задержан", "προβλημα"),
    Meaning(S.EXCEPTION, R.CARRIER_DAMAGED): ("damaged", "uszkodzona", "поврежден", "κατεστραμμενο"),
    Meaning(S.IN_TRANSIT, R.CARRIER_DELAY): ("delayed", "opozniona", "задерживается", "καθυστερηση"),
    Meaning(S.DELIVERED): ("delivered_ok", "dostarczona", "doreczona", "доставлен", "вручен", "παραδοθηκε"),
    Meaning(S.DELIVERED, handed_to=HandedTo.COLLECTED_AT_POINT): (
        "collected_by_customer", "odebrana", "odebrana_w_punkcie", "получен", "παραληφθηκε",
    ),
    Meaning(S.RETURNING, leg=HOME): (
        "return_to_sender", "returning_to_sender", "w_zwrocie", "zwracana", "возвращается", "επιστρεφεται",
    ),
    Meaning(S.RETURNED, leg=HOME): (
        "returned_to_sender", "zwrocona", "zwrot_do_nadawcy", "возвращен", "επιστραφηκε",
    ),
    Meaning(S.LOST, R.CARRIER_LOST): ("missing", "zagubiona", "zaginiona", "утерян", "потерян", "χαθηκε"),
    Meaning(S.CANCELLED): ("canceled", "anulowana", "отменен", "ακυρωθηκε"),
}  # fmt: skip
STAGES: Mapping[str, Meaning] = {
    "unknown": Meaning(S.UNKNOWN),
    **{meaning.stage.value: meaning for meaning in reversed(tuple(_KNOWN))},
    **{folded(word): meaning for meaning, words in _KNOWN.items() for word in words},
}

_REASONS: Mapping[str, Reason] = {
    **{reason.value: reason for reason in Reason},
    "delay": R.CARRIER_DELAY,
    "damaged": R.CARRIER_DAMAGED,
    "lost": R.CARRIER_LOST,
    "absent": R.CONSIGNEE_ABSENT,
    "not_home": R.CONSIGNEE_ABSENT,
    "nieobecny": R.CONSIGNEE_ABSENT,
    "odbiorca_nieobecny": R.CONSIGNEE_ABSENT,
    "отсутствует": R.CONSIGNEE_ABSENT,
    "απων": R.CONSIGNEE_ABSENT,
    "refused": R.CONSIGNEE_REFUSED,
    "odmowa": R.CONSIGNEE_REFUSED,
    "отказ": R.CONSIGNEE_REFUSED,
    "αρνηση": R.CONSIGNEE_REFUSED,
    "wrong_address": R.CONSIGNEE_WRONG_ADDRESS,
    "bledny_adres": R.CONSIGNEE_WRONG_ADDRESS,
    "неверный_адрес": R.CONSIGNEE_WRONG_ADDRESS,
    "λαθος_διευθυνση": R.CONSIGNEE_WRONG_ADDRESS,
    "no_payment": R.CONSIGNEE_NO_PAYMENT,
    "not_collected": R.CONSIGNEE_NOT_COLLECTED,
    "rescheduled": R.CONSIGNEE_RESCHEDULED,
    "customs": R.CUSTOMS_DELAY,
}
_LEGS: Mapping[str, Leg] = {
    **{leg.value: leg for leg in Leg},
    "out": Leg.OUTBOUND,
    "return": Leg.CUSTOMER_RETURN,
    "zwrot": Leg.CUSTOMER_RETURN,
    "возврат": Leg.CUSTOMER_RETURN,
    "επιστροφη": Leg.CUSTOMER_RETURN,
    "return_to_sender": HOME,
}
_HANDED: Mapping[str, HandedTo] = {
    **{handed.value: handed for handed in HandedTo},
    "customer": HandedTo.RECIPIENT,
    "odbiorca": HandedTo.RECIPIENT,
    "получатель": HandedTo.RECIPIENT,
    "neighbor": HandedTo.NEIGHBOUR,
    "sasiad": HandedTo.NEIGHBOUR,
    "сосед": HandedTo.NEIGHBOUR,
    "γειτονας": HandedTo.NEIGHBOUR,
    "locker": HandedTo.COLLECTED_AT_POINT,
    "point": HandedTo.COLLECTED_AT_POINT,
    "shop": HandedTo.SHOP_STAFF,
}
REASONS: Mapping[str, Reason] = {folded(word): reason for word, reason in _REASONS.items()}
LEGS: Mapping[str, Leg] = {folded(word): leg for word, leg in _LEGS.items()}
HANDED: Mapping[str, HandedTo] = {folded(word): handed for word, handed in _HANDED.items()}
