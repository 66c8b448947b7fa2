"""Sending by any gateway with an HTTP interface."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence

from opieka.channels.adapters.base import Capabilities, ChannelError, Letter, Receipt
from opieka.channels.adapters.sms import http
from opieka.channels.adapters.sms.base import Call, ReceivedText, TextReport, needs
from opieka.channels.adapters.sms.gateway import mapping
from opieka.channels.types import Trouble

_URL = re.compile(r"https?://[^\s/]+(/\S*)?")


class HttpGateway:
    """One gateway. It knows no key, so a message whose answer was lost is not sent again by itself."""

    capabilities = Capabilities(keeps_message_id=True, max_bytes=6400, repeatable=False)
    reply = ("text/plain", "")

    def __init__(self, options: Mapping[str, str]) -> None:
        missing = needs(mapping.CARD, options)
        if missing or not _URL.fullmatch(options["send_url"]):
            raise ChannelError(Trouble.SETTINGS, ", ".join(missing) or "send_url")
        self._options = options
        authorization = options.get("authorization", "")
        self._headers = {"Authorization": authorization} if authorization else {}

    def send(self, letter: Letter) -> Receipt:
        filled = mapping.parameters(self._options["parameters"], letter)
        url = self._options["send_url"]
        if self._options.get("method", "GET").upper() == "POST":
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            response = http.ask("POST", url, content=filled, headers=self._headers | form)
        else:
            response = http.ask("GET", f"{url}?{filled}", headers=self._headers)
        if response.status_code >= 300:
            raise http.failed(response.status_code, str(response.status_code))
        return Receipt()

    def check(self) -> None:
        """There is nothing to ask that every gateway would answer: whether one listens is all that is tried."""
        http.ask("HEAD", self._options["send_url"], headers=self._headers)

    def genuine(self, call: Call) -> bool:
        """Known by the secret address alone, or by a signature where a secret is agreed."""
        secret = self._options.get("secret", "")
        header = self._options.get("signature_header") or mapping.SIGNATURE_HEADER
        given = call.headers.get(header.lower(), "").lower()
        return not secret or hmac.compare_digest(mapping.signature(secret, call), given)

    def texts(self, call: Call) -> Sequence[ReceivedText]:
        return mapping.received(call, self._options.get("receive", ""))

    def reports(self, call: Call) -> Sequence[TextReport]:
        return mapping.reported(call)
