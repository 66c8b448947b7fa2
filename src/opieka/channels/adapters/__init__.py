"""The ways messages travel."""

from __future__ import annotations

from opieka.channels.adapters.base import ChannelError, Sender
from opieka.channels.types import AccountDetails, Sending, TextDetails, Trouble


def sender(details: AccountDetails | TextDetails) -> Sender:
    """The way an account sends; ChannelError (SETTINGS) when it has none."""
    from opieka.channels.adapters.anymail.client import ProviderSender
    from opieka.channels.adapters.console.client import ConsoleSender
    from opieka.channels.adapters.email.client.smtp import SmtpSender
    from opieka.channels.adapters.memory.client import MemorySender
    from opieka.channels.adapters.sms import gateway

    match details:
        case TextDetails(sending=Sending.PROVIDER):
            return gateway(details.provider, details.options)
        case AccountDetails(sending=Sending.PROVIDER):
            return ProviderSender(details.provider, details.options)
        case AccountDetails(sending=Sending.SMTP, smtp=server) if server is not None:
            return SmtpSender(server)
    match details.sending:
        case Sending.CONSOLE:
            return ConsoleSender()
        case Sending.MEMORY:
            return MemorySender()
    raise ChannelError(Trouble.SETTINGS)
