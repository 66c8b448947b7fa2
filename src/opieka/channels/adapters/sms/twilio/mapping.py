"""Twilio's Programmable Messaging: requests, answers and calls (twilio.com/docs/messaging/api, API of 2010-04-01)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from opieka.channels.adapters.base import ChannelError, Letter
from opieka.channels.adapters.sms.base import Call, ReceivedText, TextReport, told
from opieka.channels.adapters.sms.http import failed
from opieka.channels.types import BounceKind, ProviderCard, Reported, Trouble

CARD = ProviderCard("twilio", "Twilio", ("account_sid", "auth_token"), (), ())
API = "https://api.twilio.com/2010-04-01/Accounts"
SKEW = timedelta(minutes=2)

# https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
WORDS: Mapping[str, Reported | BounceKind] = {
    "accepted": Reported.NOTHING,
    "scheduled": Reported.NOTHING,
    "queued": Reported.NOTHING,
    "sending": Reported.NOTHING,
    "sent": Reported.NOTHING,
    "delivered": Reported.DELIVERED,
    "read": Reported.OPENED,
    "undelivered": BounceKind.SOFT,
    "failed": BounceKind.SOFT,
    "canceled": BounceKind.SOFT,
}
# https://www.twilio.com/docs/api/errors: no such number, not a mobile one, unknown to its network.
GONE = frozenset({"21211", "21214", "21217", "21614", "30005", "30006"})
_TROUBLES = {
    "20003": Trouble.LOGIN,
    "20404": Trouble.SETTINGS,
    "21212": Trouble.REFUSED_SENDER,
    "21603": Trouble.REFUSED_SENDER,
    "21606": Trouble.REFUSED_SENDER,
    "21607": Trouble.REFUSED_SENDER,
    "21608": Trouble.REFUSED_SENDER,
    "21610": Trouble.STOPPED,
    "21617": Trouble.TOO_LARGE,
    "30002": Trouble.LOGIN,
}
_REPEATED = {Trouble.LOGIN, Trouble.SETTINGS}
"""What a person can mend, so that the same message goes out after all."""


def message(letter: Letter) -> dict[str, str]:
    """The form of one message."""
    form = {"To": letter.recipients[0], "From": letter.sender, "Body": letter.raw.decode()}
    return form | ({"StatusCallback": letter.report_url} if letter.report_url else {})


def refused(status: int, answer: Mapping[str, Any]) -> ChannelError:
    """Why a message was not taken; its own sentence may quote the text and is left out."""
    code = str(answer.get("code", ""))
    if code in GONE:
        return ChannelError(Trouble.REFUSED_RECIPIENT, code, permanent=True)
    trouble = _TROUBLES.get(code)
    if trouble is None:
        return failed(status, code or str(status))
    return ChannelError(trouble, code, permanent=trouble not in _REPEATED)


def taken(letter: Letter, answer: Mapping[str, Any], since: datetime) -> str:
    """The id of the message in a list of Twilio's that is this letter, sent `since` then; "" when none is."""
    for one in answer.get("messages", ()):
        made = parsedate_to_datetime(one["date_created"])
        if one["body"] == letter.raw.decode() and made >= since - SKEW:
            return str(one["sid"])
    return ""


def signature(token: str, call: Call) -> str:
    """HMAC-SHA1 over the address and the fields of the body in the order of their names.

    https://www.twilio.com/docs/usage/security#validating-requests
    """
    fields: dict[str, set[str]] = {}
    for name, value in call.form if call.body else []:
        fields.setdefault(name, set()).add(value)
    signed = call.url + "".join(f"{name}{value}" for name in sorted(fields) for value in sorted(fields[name]))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def received(call: Call) -> list[ReceivedText]:
    """An incoming text; Twilio joins the parts of long ones itself."""
    fields = call.fields
    return [ReceivedText(fields["MessageSid"], fields["From"], fields["To"], fields["Body"])]


def reported(call: Call) -> list[TextReport]:
    """What became of a text; an error code of a number that is gone makes it final."""
    fields = call.fields
    word = fields["MessageStatus"]
    report = told({fields["MessageSid"]}, word, WORDS)
    if report.bounce and fields.get("ErrorCode", "") in GONE:
        return [TextReport(report.ids, word, bounce=BounceKind.HARD)]
    return [report]
