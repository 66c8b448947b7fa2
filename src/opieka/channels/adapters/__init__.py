"""The ways messages travel."""

from __future__ import annotations

from opieka.channels.adapters.base import ChannelError, Sender
from opieka.channels.types import AccountDetails, Sending, Trouble


def sender(details: AccountDetails) -> Sender:
    """The way an account sends; ChannelError (SETTINGS) when it has none."""
    from opieka.channels.adapters.anymail.client import ProviderSender
    from opieka.channels.adapters.console.client import ConsoleSender
    from opieka.channels.adapters.email.client.smtp import SmtpSender
    from opieka.channels.adapters.memory.client import MemorySender

    match details.sending:
        case Sending.SMTP if details.smtp is not None:
            return SmtpSender(details.smtp)
        case Sending.PROVIDER:
            return ProviderSender(details.provider, details.options)
        case Sending.CONSOLE:
            return ConsoleSender()
        case Sending.MEMORY:
            return MemorySender()
    raise ChannelError(Trouble.SETTINGS)
