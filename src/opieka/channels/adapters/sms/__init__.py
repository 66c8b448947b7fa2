"""The gateways for SMS, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from opieka.channels.adapters.base import ChannelError
from opieka.channels.adapters.sms.base import Gateway
from opieka.channels.adapters.sms.gateway import mapping as any_gateway
from opieka.channels.adapters.sms.gateway.client import HttpGateway
from opieka.channels.adapters.sms.smsapi import mapping as smsapi
from opieka.channels.adapters.sms.smsapi.client import SmsapiGateway
from opieka.channels.adapters.sms.twilio import mapping as twilio
from opieka.channels.adapters.sms.twilio.client import TwilioGateway
from opieka.channels.types import ProviderCard, Trouble

_MADE: Mapping[str, Callable[[Mapping[str, str]], Gateway]] = {
    "twilio": TwilioGateway,
    "smsapi": SmsapiGateway,
    "gateway": HttpGateway,
}
CARDS: Mapping[str, ProviderCard] = {card.name: card for card in (twilio.CARD, smsapi.CARD, any_gateway.CARD)}


def gateway(provider: str, options: Mapping[str, str]) -> Gateway:
    """The account at a provider; ChannelError (SETTINGS) when there is none or something is missing."""
    if provider not in _MADE:
        raise ChannelError(Trouble.SETTINGS, provider)
    return _MADE[provider](options)
