"""Sending by SMSAPI."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence

from opieka.channels.adapters.base import Capabilities, ChannelError, Letter, Receipt
from opieka.channels.adapters.sms import http
from opieka.channels.adapters.sms.base import Call, ReceivedText, TextReport, needs
from opieka.channels.adapters.sms.smsapi import mapping
from opieka.channels.types import Trouble


class SmsapiGateway:
    """One SMSAPI account. It signs nothing: its calls are known by the secret address, and by its user name."""

    capabilities = Capabilities(keeps_message_id=True, max_bytes=6400)
    reply = ("text/plain", "OK")

    def __init__(self, options: Mapping[str, str]) -> None:
        missing = needs(mapping.CARD, options)
        if missing:
            raise ChannelError(Trouble.SETTINGS, ", ".join(missing))
        self._headers = {"Authorization": f"Bearer {options['token']}"}
        self._url = mapping.HOSTS.get(options.get("region", ""), mapping.HOSTS[""])
        self._username = options.get("username", "")

    def send(self, letter: Letter) -> Receipt:
        form = mapping.message(letter)
        response = http.ask("POST", f"{self._url}/sms.do", data=form, headers=self._headers)
        answer = http.read(response)
        if response.status_code >= 300 and "error" not in answer:
            raise http.failed(response.status_code, str(response.status_code))
        return Receipt(mapping.taken(answer))

    def check(self) -> None:
        response = http.ask("GET", f"{self._url}/profile", headers=self._headers)
        if response.status_code != 200:
            raise http.failed(response.status_code, str(response.status_code))

    def genuine(self, call: Call) -> bool:
        told = call.fields.get("username", "")
        return not (told and self._username) or hmac.compare_digest(told.encode(), self._username.encode())

    def texts(self, call: Call) -> Sequence[ReceivedText]:
        return mapping.received(call)

    def reports(self, call: Call) -> Sequence[TextReport]:
        return mapping.reported(call)
