"""The providers django-anymail speaks with, as a table, and a stored message in the form it wants.

Amazon SES is reached by its SMTP address: its API and webhooks need a library of 80 MB.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.encoders import encode_base64
from email.message import EmailMessage, MIMEPart
from email.mime.base import MIMEBase
from email.policy import default
from typing import Any

from django.core.mail import EmailMultiAlternatives

from opieka.channels.adapters.base import Letter

REGIONS = {
    ("mailgun", "eu"): "https://api.eu.mailgun.net/v3",
    ("sparkpost", "eu"): "https://api.eu.sparkpost.com/api/v1",
}


@dataclass(frozen=True)
class Provider:
    """One provider. `keys` and `hook_keys` are what an owner copies from its console: for sending, for webhooks.

    `views` are anymail's names of the views for incoming mail and for delivery events. `keeps_message_id`
    tells whether our Message-ID reaches the recipient. Without `signs` its webhooks are known by a password
    in their address.
    """

    title: str
    keys: tuple[str, ...]
    views: tuple[str, str]
    hook_keys: tuple[str, ...] = ()
    signs: bool = False
    keeps_message_id: bool = True
    max_bytes: int = 25_000_000
    headers: tuple[tuple[str, str], ...] = ()
    regions: tuple[str, ...] = ()


PROVIDERS: Mapping[str, Provider] = {
    "brevo": Provider(
        "Brevo", ("api_key",), ("BrevoInboundWebhookView", "BrevoTrackingWebhookView"), keeps_message_id=False
    ),
    "mailersend": Provider(
        "MailerSend",
        ("api_token",),
        ("MailerSendInboundWebhookView", "MailerSendTrackingWebhookView"),
        hook_keys=("inbound_secret", "signing_secret"),
        signs=True,
        keeps_message_id=False,
    ),
    "mailgun": Provider(
        "Mailgun",
        ("api_key", "sender_domain"),
        ("MailgunInboundWebhookView", "MailgunTrackingWebhookView"),
        hook_keys=("webhook_signing_key",),
        signs=True,
        regions=("eu",),
    ),
    "mailjet": Provider(
        "Mailjet",
        ("api_key", "secret_key"),
        ("MailjetInboundWebhookView", "MailjetTrackingWebhookView"),
        max_bytes=15_000_000,
    ),
    "postmark": Provider(
        "Postmark",
        ("server_token",),
        ("PostmarkInboundWebhookView", "PostmarkTrackingWebhookView"),
        max_bytes=10_000_000,
        headers=(("X-PM-KeepID", "true"),),
    ),
    "sendgrid": Provider(
        "SendGrid",
        ("api_key",),
        ("SendGridInboundWebhookView", "SendGridTrackingWebhookView"),
        max_bytes=30_000_000,
    ),
    "sparkpost": Provider(
        "SparkPost",
        ("api_key",),
        ("SparkPostInboundWebhookView", "SparkPostTrackingWebhookView"),
        keeps_message_id=False,
        regions=("eu",),
    ),
}

# Headers the provider makes itself from the parts of the message.
_OWN = {"from", "to", "cc", "bcc", "subject", "reply-to", "mime-version", "content-type"}
_OWN |= {"content-transfer-encoding", "content-disposition"}


def message(letter: Letter, provider: Provider) -> EmailMultiAlternatives:
    """The stored message as Django's, to be sent to the letter's recipients only."""
    read = message_from_bytes(letter.raw, policy=default)
    assert isinstance(read, EmailMessage)  # noqa: S101  # by its policy
    to, cc = (_mailboxes(read, name, letter.recipients) for name in ("to", "cc"))
    made = EmailMultiAlternatives(
        subject=str(read["subject"] or ""),
        body=_text(read, "plain"),
        from_email=str(read["from"]),
        to=to,
        cc=cc,
        bcc=[each for each in letter.recipients if not any(each in shown for shown in to + cc)],
        reply_to=[str(read["reply-to"])] if read["reply-to"] else None,
        headers={name: str(value) for name, value in read.items() if name.lower() not in _OWN}
        | dict(provider.headers),
    )
    html = _text(read, "html")
    if html:
        made.attach_alternative(html, "text/html")
    for part in read.walk():
        if part.get_content_disposition() in {"attachment", "inline"}:
            made.attach(_file(part))
    made.metadata = {"message_id": letter.message_id}  # type: ignore[attr-defined]  # anymail's
    return made


def raw_mails(events: Iterable[Any], body: bytes, fields: Mapping[str, str]) -> list[bytes]:
    """The mails of a provider's call: as they came where it hands them on, else as anymail rebuilt them."""
    whole = fields.get("body-mime") or fields.get("email") or _raw_in_json(body)
    if whole:
        return [whole.encode() if isinstance(whole, str) else whole]
    return [event.message.as_bytes() for event in events if event.message is not None]


def _raw_in_json(body: bytes) -> str | bytes | None:
    try:
        data = json.loads(body)
    except ValueError:
        return None
    if isinstance(data, dict):
        inner = data.get("data")
        found = data.get("RawEmail") or (inner.get("raw") if isinstance(inner, dict) else None)
        return found if isinstance(found, str) else None
    relayed = [
        item["msys"]["relay_message"]["content"] for item in data if "relay_message" in item.get("msys", {})
    ]
    if len(relayed) == 1 and relayed[0].get("email_rfc822"):
        text = relayed[0]["email_rfc822"]
        return base64.b64decode(text) if relayed[0].get("email_rfc822_is_base64") else str(text)
    return None


def _mailboxes(read: EmailMessage, name: str, recipients: Iterable[str]) -> list[str]:
    header = read[name]
    wanted = {each.lower() for each in recipients}
    return [str(each) for each in header.addresses if each.addr_spec.lower() in wanted] if header else []


def _text(read: EmailMessage, kind: str) -> str:
    part = read.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _file(part: MIMEPart) -> MIMEBase:
    """The part in the older form that Django takes."""
    made = MIMEBase(part.get_content_maintype(), part.get_content_subtype())
    data = part.get_payload(decode=True)
    made.set_payload(data if isinstance(data, bytes) else b"")
    encode_base64(made)
    name = ("utf-8", "", part.get_filename() or "file")
    made.add_header("Content-Disposition", str(part.get_content_disposition()), filename=name)
    if part["content-id"]:
        made["Content-ID"] = str(part["content-id"])
    return made
