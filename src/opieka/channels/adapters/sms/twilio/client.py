"""Sending by Twilio."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from opieka.channels.adapters.base import Capabilities, ChannelError, Letter, Receipt
from opieka.channels.adapters.sms import http
from opieka.channels.adapters.sms.base import Call, ReceivedText, TextReport, needs
from opieka.channels.adapters.sms.twilio import mapping
from opieka.channels.types import Trouble


class TwilioGateway:
    """One Twilio account.

    Twilio knows no idempotency key. When an answer was lost, its list of messages is asked for ours before it
    is sent again.
    """

    capabilities = Capabilities(keeps_message_id=False, max_bytes=6400)
    reply = ("text/xml", '<?xml version="1.0" encoding="UTF-8"?><Response/>')

    def __init__(self, options: Mapping[str, str]) -> None:
        missing = needs(mapping.CARD, options)
        if missing:
            raise ChannelError(Trouble.SETTINGS, ", ".join(missing))
        self._token = options["auth_token"]
        self._auth = (options["account_sid"], self._token)
        self._url = f"{mapping.API}/{options['account_sid']}"

    def send(self, letter: Letter) -> Receipt:
        if letter.in_doubt_since and (known := self._taken(letter, letter.in_doubt_since)):
            return Receipt(known)
        response = http.ask(
            "POST", f"{self._url}/Messages.json", data=mapping.message(letter), auth=self._auth
        )
        if response.status_code != 201:
            raise mapping.refused(response.status_code, http.read(response))
        return Receipt(str(http.read(response).get("sid", "")))

    def check(self) -> None:
        response = http.ask("GET", f"{self._url}.json", auth=self._auth)
        if response.status_code != 200:
            raise mapping.refused(response.status_code, http.read(response))

    def genuine(self, call: Call) -> bool:
        given = call.headers.get("x-twilio-signature", "")
        return hmac.compare_digest(mapping.signature(self._token, call), given)

    def texts(self, call: Call) -> Sequence[ReceivedText]:
        return mapping.received(call)

    def reports(self, call: Call) -> Sequence[TextReport]:
        return mapping.reported(call)

    def _taken(self, letter: Letter, since: datetime) -> str:
        wanted = {"To": letter.recipients[0], "From": letter.sender, "PageSize": "50"}
        response = http.ask("GET", f"{self._url}/Messages.json", params=wanted, auth=self._auth)
        if response.status_code != 200:
            # As long as nobody can tell whether it was sent, it is not sent again.
            raise ChannelError(Trouble.IN_DOUBT, str(response.status_code), in_doubt=True)
        return mapping.taken(letter, http.read(response), since)
