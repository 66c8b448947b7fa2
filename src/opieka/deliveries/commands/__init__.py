"""Everything that writes parcels."""

from __future__ import annotations

from opieka.deliveries.commands.arriving import NotDelivered, tell_arrival
from opieka.deliveries.commands.asking import ask_now, claim, plan_asking
from opieka.deliveries.commands.choosing import (
    AddressIncomplete,
    BeingAsked,
    DayNotOffered,
    HoursNotOffered,
    NoSuchPoint,
    NotOffered,
    Settled,
    WordsMissing,
    choose,
    claim_choice,
    end_choices,
    postpone_choice,
    settle_choice,
    withdraw_choice,
)
from opieka.deliveries.commands.collecting import forget_codes
from opieka.deliveries.commands.connecting import (
    MissingKeys,
    UnknownCarrier,
    connect,
    disconnect,
    note_heard,
    note_refusal,
    read,
    receive,
)
from opieka.deliveries.commands.following import follow
from opieka.deliveries.commands.foreseeing import foresee, keep_foresight
from opieka.deliveries.commands.forgetting import forget_receiver
from opieka.deliveries.commands.handing_over import HAND_OVER, check_hand_overs, note_overdue
from opieka.deliveries.commands.learning import learn
from opieka.deliveries.commands.locking import change_page_lock
from opieka.deliveries.commands.naming import CarrierKnown, name_carrier
from opieka.deliveries.commands.noticing import bring_back_notices, dismiss_notices, keep_notices
from opieka.deliveries.commands.pointing import keep_points
from opieka.deliveries.commands.promising import NoSlot, promise
from opieka.deliveries.commands.sweeping import check_partly, sweep, sweep_orders
from opieka.deliveries.commands.taking import take, take_reading
from opieka.deliveries.commands.together import (
    give_up,
    promise_together,
    take_back_giving_up,
    take_back_promises,
)
from opieka.deliveries.commands.trying import CannotBeAsked, ask_for_points, try_connection
from opieka.deliveries.commands.uploading import take_file
from opieka.deliveries.commands.waiting import foresee_orders

__all__ = [
    "HAND_OVER",
    "AddressIncomplete",
    "BeingAsked",
    "CannotBeAsked",
    "CarrierKnown",
    "DayNotOffered",
    "HoursNotOffered",
    "MissingKeys",
    "NoSlot",
    "NoSuchPoint",
    "NotDelivered",
    "NotOffered",
    "Settled",
    "UnknownCarrier",
    "WordsMissing",
    "ask_for_points",
    "ask_now",
    "bring_back_notices",
    "change_page_lock",
    "check_hand_overs",
    "check_partly",
    "choose",
    "claim",
    "claim_choice",
    "connect",
    "disconnect",
    "dismiss_notices",
    "end_choices",
    "follow",
    "foresee",
    "foresee_orders",
    "forget_codes",
    "forget_receiver",
    "give_up",
    "keep_foresight",
    "keep_notices",
    "keep_points",
    "learn",
    "name_carrier",
    "note_heard",
    "note_overdue",
    "note_refusal",
    "plan_asking",
    "postpone_choice",
    "promise",
    "promise_together",
    "read",
    "receive",
    "settle_choice",
    "sweep",
    "sweep_orders",
    "take",
    "take_back_giving_up",
    "take_back_promises",
    "take_file",
    "take_reading",
    "tell_arrival",
    "try_connection",
    "withdraw_choice",
]
