"""Any gateway with an HTTP interface, described by templates; the defaults are those of Kannel's smsbox.

Sending: a request whose parameters are a template with {to} {from} {text} {id} {coding} {report_url} (and
{to_digits}, {from_digits} without the plus). Calls to us: fields by names that can be chosen.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from opieka.channels.adapters.base import ChannelError, Letter
from opieka.channels.adapters.sms.base import Call, Part, ReceivedText, TextReport, told
from opieka.channels.policy.segments import is_gsm7
from opieka.channels.types import BounceKind, ProviderCard, Reported, Trouble

CARD = ProviderCard(
    "gateway",
    "HTTP (Kannel, ...)",
    ("send_url", "parameters"),
    ("receive", "secret", "signature_header"),
    (),
)
KANNEL = (
    "username=USER&password=PASSWORD&from={from}&to={to}&text={text}&charset=UTF-8&coding={coding}"
    "&dlr-mask=31&dlr-url={report_url}%26status=%25d"
)
RECEIVE = "from=from&to=to&text=text&id=id&time=time&udh=udh"
SIGNATURE_HEADER = "x-signature"

# Kannel's `%d`, and the words of SMPP 3.4 (Appendix B) that many gateways hand through.
WORDS: Mapping[str, Reported | BounceKind] = {
    "1": Reported.DELIVERED,
    "2": BounceKind.SOFT,
    "4": Reported.DEFERRED,
    "8": Reported.NOTHING,
    "16": BounceKind.SOFT,
    "DELIVRD": Reported.DELIVERED,
    "DELIVERED": Reported.DELIVERED,
    "ENROUTE": Reported.NOTHING,
    "ACCEPTD": Reported.NOTHING,
    "SENT": Reported.NOTHING,
    "BUFFERED": Reported.DEFERRED,
    "EXPIRED": BounceKind.SOFT,
    "DELETED": BounceKind.SOFT,
    "UNDELIV": BounceKind.SOFT,
    "REJECTD": BounceKind.SOFT,
    "FAILED": BounceKind.SOFT,
}
_PLACE = re.compile(r"\{(\w+)\}")
_UDH_SHORT, _UDH_LONG = re.compile(r"0003(..)(..)(..)"), re.compile(r"0804(....)(..)(..)")


def parameters(template: str, letter: Letter) -> str:
    """The template filled in and encoded; ChannelError for a placeholder that does not exist."""
    text, to, sender = letter.raw.decode(), letter.recipients[0], letter.sender
    values = {
        "to": to,
        "to_digits": to.lstrip("+"),
        "from": sender,
        "from_digits": sender.lstrip("+"),
        "text": text,
        "id": letter.message_id,
        "coding": "0" if is_gsm7(text) else "2",
        "report_url": f"{letter.report_url}?id={letter.message_id}",
    }

    def put(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise ChannelError(Trouble.SETTINGS, found[0])
        return values[found[1]]

    pairs = parse_qsl(template, keep_blank_values=True)
    return urlencode([(name, _PLACE.sub(put, value)) for name, value in pairs])


def received(call: Call, receive: str) -> list[ReceivedText]:
    """An incoming text or a part of one."""
    fields, names = call.fields, dict(parse_qsl(receive or RECEIVE))
    found = {ours: fields.get(theirs, "") for ours, theirs in names.items()}
    if not found.get("from") or "text" not in names or names["text"] not in fields:
        raise ValueError("no sender or no text")
    part = _part(found)
    text = ReceivedText(
        found.get("id", ""),
        found["from"],
        found.get("to", ""),
        found["text"],
        _time(found.get("time", "")),
        part,
    )
    return [text]


def reported(call: Call) -> list[TextReport]:
    """What became of a text, by the id and the status that stand in the address we gave."""
    fields = call.fields
    return [told({fields["id"]}, fields["status"].strip().upper(), WORDS)]


def signature(secret: str, call: Call) -> str:
    """HMAC-SHA256 in hexadecimal of the body as it came, or of the query when there is none."""
    signed = call.body or call.query.encode()
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _time(value: str) -> datetime | None:
    """A moment in UTC: Unix seconds, or as Kannel's `%t` writes it."""
    if value.isdigit():
        return datetime.fromtimestamp(int(value), tz=UTC)
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC) if value else None
    except ValueError:
        return None


def _part(found: Mapping[str, str]) -> Part | None:
    """Which part of a longer text: from its header (3GPP TS 23.040, 9.2.3.24.1 and .8), or as the gateway tells."""
    header = found.get("udh", "").upper()
    match = _UDH_SHORT.search(header, 2) or _UDH_LONG.search(header, 2)
    if match:
        reference, total, number = match[1], int(match[2], 16), int(match[3], 16)
    elif found.get("parts", "").isdigit() and found.get("part", "").isdigit():
        reference, total, number = found.get("ref", ""), int(found["parts"]), int(found["part"])
    else:
        return None
    return Part(reference, number, total) if total > 1 and 0 < number <= total else None
