"""SMSAPI (smsapi.pl, smsapi.com): requests, answers and calls (smsapi.com/docs, `sms.do` with JSON)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from opieka.channels.adapters.base import ChannelError, Letter
from opieka.channels.adapters.sms.base import Call, ReceivedText, TextReport, told
from opieka.channels.types import BounceKind, ProviderCard, Reported, Trouble

CARD = ProviderCard("smsapi", "SMSAPI", ("token",), ("username",), ("com",))
HOSTS = {"": "https://api.smsapi.pl", "com": "https://api.smsapi.com"}

# The statuses of a report, by number: NOT_FOUND, EXPIRED, SENT, DELIVERED, UNDELIVERED, FAILED, REJECTED,
# UNKNOWN (no report will come), QUEUE, ACCEPTED, RENEWAL, STOP.
WORDS: Mapping[str, Reported | BounceKind] = {
    "401": BounceKind.SOFT,
    "402": BounceKind.SOFT,
    "403": Reported.NOTHING,
    "404": Reported.DELIVERED,
    "405": BounceKind.SOFT,
    "406": BounceKind.SOFT,
    "407": BounceKind.SOFT,
    "408": Reported.NOTHING,
    "409": Reported.NOTHING,
    "410": Reported.NOTHING,
    "411": Reported.DEFERRED,
    "412": BounceKind.SOFT,
}
_TROUBLES = {
    11: Trouble.TOO_LARGE,
    12: Trouble.TOO_LARGE,
    13: Trouble.REFUSED_RECIPIENT,
    14: Trouble.REFUSED_SENDER,
    101: Trouble.LOGIN,
    102: Trouble.LOGIN,
    103: Trouble.CREDIT,
    105: Trouble.LOGIN,
    110: Trouble.LOGIN,
    201: Trouble.BUSY,
    203: Trouble.BUSY,
    301: Trouble.BUSY,
    999: Trouble.BUSY,
}
_REPEATED = {Trouble.LOGIN, Trouble.BUSY, Trouble.CREDIT}
KNOWN_ALREADY = 53
"""An attempt before this one was taken: its answer was lost."""


def message(letter: Letter) -> dict[str, str]:
    """The form of one message. `idx` with `check_idx` is taken once, however often it is sent."""
    form = {
        "to": letter.recipients[0].lstrip("+"),
        "from": letter.sender,
        "message": letter.raw.decode(),
        "format": "json",
        "encoding": "utf-8",
        "idx": letter.message_id,
        "check_idx": "1",
    }
    return form | ({"notify_url": letter.report_url} if letter.report_url else {})


def taken(answer: Mapping[str, Any]) -> str:
    """The provider's id of the message; ChannelError when it was not taken, "" when an earlier attempt was."""
    error = answer.get("error")
    if error == KNOWN_ALREADY:
        return ""
    if error is not None:
        trouble = _TROUBLES.get(int(error), Trouble.REFUSED_MESSAGE)
        raise ChannelError(trouble, str(error), permanent=trouble not in _REPEATED)
    listed = answer.get("list") or [{}]
    found = str(listed[0].get("id", ""))
    if not found:
        raise ChannelError(Trouble.IN_DOUBT, "no id", in_doubt=True)
    return found


def received(call: Call) -> list[ReceivedText]:
    """An incoming text; SMSAPI joins the parts of long ones itself."""
    fields = call.fields
    stamp = fields.get("sms_date", "")
    sent_at = datetime.fromtimestamp(int(stamp), tz=UTC) if stamp.isdigit() else None
    text = ReceivedText(
        fields.get("MsgId", ""), fields["sms_from"], fields["sms_to"], fields["sms_text"], sent_at
    )
    return [text]


def reported(call: Call) -> list[TextReport]:
    """What became of texts: several in one call, their values divided by commas."""
    fields = call.fields
    ids, words = fields["MsgId"].split(","), fields["status"].split(",")
    ours = fields.get("idx", "").split(",")
    ours += [""] * (len(ids) - len(ours))
    return [told({one, own}, word, WORDS) for one, own, word in zip(ids, ours, words, strict=True)]
