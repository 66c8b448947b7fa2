"""Sending through a provider's HTTP interface, and reading its webhooks, both by django-anymail."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailConfigurationError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
    AnymailWarning,
    AnymailWebhookValidationFailure,
)
from django.http import HttpRequest

from opieka.channels.adapters.anymail import mapping
from opieka.channels.adapters.base import Capabilities, ChannelError, Letter, Receipt, Refusal
from opieka.channels.types import Trouble

SECONDS = 60.0
_REFUSED = {"invalid", "rejected", "failed"}


class ProviderSender:
    """One account at one provider."""

    def __init__(self, provider: str, options: dict[str, str]) -> None:
        if provider not in mapping.PROVIDERS:
            raise ChannelError(Trouble.SETTINGS, provider)
        self._name, self._options = provider, options
        self._provider = mapping.PROVIDERS[provider]
        self.capabilities = Capabilities(self._provider.keeps_message_id, self._provider.max_bytes)

    def check(self) -> None:
        self._backend()

    def send(self, letter: Letter) -> Receipt:
        backend, message = self._backend(), mapping.message(letter, self._provider)
        try:
            with backend:
                backend.send_messages([message])
        except AnymailRecipientsRefused:
            pass  # each recipient's own status tells more
        except AnymailError as error:
            raise _explained(error) from error
        return self._receipt(message, letter)

    def _backend(self) -> Any:
        """anymail's backend with this account's keys; ChannelError when one is missing."""
        options = {key: self._options.get(key, "") for key in self._provider.keys}
        missing = [key for key, value in options.items() if not value]
        if missing:
            raise ChannelError(Trouble.SETTINGS, ", ".join(missing))
        url = mapping.REGIONS.get((self._name, self._options.get("region", "")))
        if url:
            options["api_url"] = url
        with warnings.catch_warnings(action="ignore", category=AnymailWarning):
            made = import_module(f"anymail.backends.{self._name}").EmailBackend(**options, timeout=SECONDS)
        made.ignore_unsupported_features = True  # a provider without metadata still sends
        return made

    def _receipt(self, message: Any, letter: Letter) -> Receipt:
        statuses = message.anymail_status.recipients
        ids = sorted({status.message_id for status in statuses.values() if status.message_id})
        shown = {address.lower(): status for address, status in statuses.items()}
        refused = {
            recipient: Refusal(True, "", shown[recipient.lower()].status)
            for recipient in letter.recipients
            if recipient.lower() in shown and shown[recipient.lower()].status in _REFUSED
        }
        keeps = self.capabilities.keeps_message_id or not ids
        return Receipt("" if keeps else ids[0].strip("<>"), refused)


def hook(provider: str, options: dict[str, str], *, tracking: bool) -> Any:
    """anymail's view for a provider's calls, with this account's secrets; ChannelError without them."""
    known = mapping.PROVIDERS.get(provider)
    if known is None:
        raise ChannelError(Trouble.SETTINGS, provider)
    keys = {key: options[key] for key in (*known.keys, *known.hook_keys) if options.get(key)}
    if not known.signs:
        keys["webhook_secret"] = options["webhook_secret"]
    module = import_module(f"anymail.webhooks.{provider}")
    try:
        with warnings.catch_warnings(action="ignore", category=AnymailWarning):
            return getattr(module, known.views[tracking])(**keys)
    except AnymailConfigurationError as error:
        raise ChannelError(Trouble.SETTINGS, str(error)) from error


def genuine(view: Any, request: HttpRequest) -> bool:
    """Whether the call is signed, or knows the password."""
    try:
        view.run_validators(request)
    except AnymailWebhookValidationFailure:
        return False
    return True


def _explained(error: AnymailError) -> ChannelError:
    if isinstance(error, AnymailUnsupportedFeature | AnymailInvalidAddress | AnymailSerializationError):
        return ChannelError(Trouble.REFUSED_MESSAGE, str(error), permanent=True)
    if isinstance(error, requests.ConnectTimeout):
        return ChannelError(Trouble.UNREACHABLE, str(error))
    if isinstance(error, requests.ConnectionError | requests.Timeout):
        return ChannelError(Trouble.IN_DOUBT, str(error), in_doubt=True)
    status = getattr(error, "status_code", None) if isinstance(error, AnymailAPIError) else None
    return _by_status(status, str(error))


def _by_status(status: int | None, words: str) -> ChannelError:
    if status in {401, 403}:
        return ChannelError(Trouble.LOGIN, words)
    if status == 413:
        return ChannelError(Trouble.TOO_LARGE, words, permanent=True)
    if status is not None and 400 <= status < 500 and status not in {408, 429}:
        return ChannelError(Trouble.REFUSED_MESSAGE, words, permanent=True)
    if status is not None and status < 300:
        # It said yes in words anymail cannot read.
        return ChannelError(Trouble.IN_DOUBT, words, in_doubt=True)
    return ChannelError(Trouble.BUSY, words)
