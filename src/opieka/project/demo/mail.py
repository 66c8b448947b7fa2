"""The bytes of each demo mail, as the customer's program, her mailbox or the shop would have sent it.

Everything in them follows from the script's name and the moments in it, so that loading the same demo
again makes the same mails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.message import Message as MimeMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from hashlib import blake2b
from uuid import UUID

from opieka.project.demo import invoice
from opieka.project.demo.content import Attachment, Conversation, Demo, Sender
from opieka.project.demo.letters import Letter, page, plain
from opieka.project.demo.programs import PROGRAMS
from opieka.project.demo.reading import asset

_TYPES = {"png": "image/png", "jpg": "image/jpeg", "pdf": "application/pdf"}
_REPLY_PREFIX = re.compile(r"^(Odp|Re): ")


@dataclass(frozen=True)
class File:
    """A file as a mail carries it."""

    name: str
    content_type: str
    content: bytes


def letters(
    demo: Demo, conversation: Conversation, ids: Mapping[int, str] | None = None
) -> tuple[Letter, ...]:
    """The conversation's mails in their order.

    `ids` are the Message-IDs, by index and with angle brackets, that mails of the shop really went out with;
    all other ids are made from the script's name.
    """
    previous = _newsletter(demo, conversation)
    made: list[Letter] = []
    for index, message in enumerate(conversation.messages):
        letter = _letter(demo, conversation, index, previous)
        letter = replace(letter, id=(ids or {}).get(index, letter.id))
        made.append(letter)
        previous = letter if message.kind == "mail" else previous
    return tuple(made)


def source(demo: Demo, conversation: Conversation, index: int, ids: Mapping[int, str] | None = None) -> bytes:
    """One mail as RFC 5322 bytes with CRLF line ends; `ids` as for `letters`."""
    letter, message = letters(demo, conversation, ids)[index], conversation.messages[index]
    made = (
        _bounce(letter) if message.kind == "bounce" else _mail(demo, letter, automatic=message.kind != "mail")
    )
    for number, part in enumerate(part for part in made.walk() if part.get_content_maintype() == "multipart"):
        part.set_boundary(f"=_{_digest(letter.id, 10)}_{number}")
    return made.as_bytes(policy=policy.SMTP)


def _digest(seed: str, size: int) -> str:
    return blake2b(seed.encode(), digest_size=size).hexdigest()


def _newsletter(demo: Demo, conversation: Conversation) -> Letter | None:
    letter, shop = conversation.newsletter, demo.shop[conversation.shop]
    if letter is None:
        return None
    return Letter(
        id=letter.id,
        text=letter.text.strip(),
        at=letter.at,
        author=Sender(shop.name, shop.mail),
        reader=demo.sender(conversation),
        subject=_REPLY_PREFIX.sub("", conversation.subject),
        program=PROGRAMS["shop"],
        language=conversation.language,
    )


def _letter(demo: Demo, conversation: Conversation, index: int, previous: Letter | None) -> Letter:
    message, shop = conversation.messages[index], demo.shop[conversation.shop]
    customer, desk = demo.sender(conversation), Sender(shop.name, shop.mail)
    if message.kind == "bounce":
        customer = Sender("Mail Delivery System", "MAILER-DAEMON@mx." + customer.email.partition("@")[2])
    author, reader = (customer, desk) if message.inbound else (desk, customer)
    program = PROGRAMS[conversation.program if message.inbound and message.kind == "mail" else "shop"]
    bare = _REPLY_PREFIX.sub("", conversation.subject)
    answered = program.reply_subject(bare, conversation.language) if index else conversation.subject
    seed = f"{conversation.name}/{index}/{message.at:%Y%m%d%H%M}"
    apple = program.header[1].startswith(("Apple", "iPhone"))
    name = str(UUID(_digest(seed, 16))).upper() if apple else _digest(seed, 14)
    return Letter(
        id=f"<{name}@{author.email.partition('@')[2]}>",
        text=message.text,
        at=message.at,
        author=author,
        reader=reader,
        subject=answered if message.subject is None else message.subject,
        program=program,
        language=conversation.language,
        answers=previous,
        attachments=message.attachments,
    )


def _address(who: Sender) -> str:
    return str(Address(who.name, addr_spec=who.email))


def _head(letter: Letter, made: MimeMessage, return_path: str) -> None:
    """Write the headers that every mail has."""
    date = format_datetime(letter.at)
    relay, host = (who.email.partition("@")[2] for who in (letter.author, letter.reader))
    made["Return-Path"] = f"<{return_path}>"
    made["Received"] = f"from out.{relay} ([192.0.2.25]) by mx.{host} with ESMTPS; {date}"
    made["Date"] = date
    made["From"] = _address(letter.author)
    made["To"] = _address(letter.reader)
    made["Message-ID"] = letter.id
    made["Subject"] = letter.subject
    if letter.ancestors:
        made["In-Reply-To"] = letter.ancestors[-1]
        made["References"] = " ".join(letter.ancestors)


def _mail(demo: Demo, letter: Letter, *, automatic: bool) -> EmailMessage:
    made, program = EmailMessage(policy=policy.SMTP), letter.program
    _head(letter, made, letter.author.email)
    if program.header[0]:
        made[program.header[0]] = program.header[1]
    if automatic:
        made["Auto-Submitted"] = "auto-replied"
        made["X-Auto-Response-Suppress"] = "All"
    _bodies(made, letter, automatic=automatic)
    for attachment in letter.attachments:
        _attach(demo, made, letter, attachment)
    return made


def _bodies(made: EmailMessage, letter: Letter, *, automatic: bool) -> None:
    program, text, html = letter.program, plain(letter), page(letter)
    charset, cte = _charset(letter, text + html), program.encoding
    if program.parts == "html":
        made.set_content(html, subtype="html", charset=charset, cte=cte)
        return
    made.set_content(text, charset=charset, cte=cte, params={"format": "flowed"} if program.flowed else {})
    alternative = program.parts == "alternative" or (program.parts == "reply-alternative" and letter.answers)
    if alternative and not automatic:
        made.add_alternative(html, subtype="html", charset=charset, cte=cte)


def _charset(letter: Letter, text: str) -> str:
    """The program's own charset where it can say all of `text`, as these programs decide too."""
    charset = letter.program.charset.get(letter.language, "utf-8")
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return "utf-8"
    return charset


def carried(demo: Demo, attachment: Attachment, at: datetime) -> File:
    """What an attachment holds in a mail of `at`."""
    if attachment.invoice:
        content = invoice.draw(demo, demo.order[attachment.invoice], at)
    else:
        content = asset(attachment.file or "")
    ending = (attachment.file or attachment.name).rpartition(".")[2]
    return File(attachment.name, _TYPES[ending], content)


def _attach(demo: Demo, made: EmailMessage, letter: Letter, attachment: Attachment) -> None:
    file = carried(demo, attachment, letter.at)
    maintype, _, subtype = file.content_type.partition("/")
    disposition = "inline" if attachment.inline else "attachment"
    made.add_attachment(
        file.content, maintype=maintype, subtype=subtype, filename=file.name, disposition=disposition
    )


def _bounce(letter: Letter) -> MIMEMultipart:
    """What a mailbox that is full sends back (RFC 3464), with the headers of the mail it refused."""
    refused = letter.answers
    if refused is None:
        raise ValueError("a bounce answers a mail")
    recipient, host = refused.reader.email, letter.author.email.partition("@")[2]
    made = MIMEMultipart("report", report_type="delivery-status", policy=policy.SMTP)
    _head(letter, made, "")
    made["Auto-Submitted"] = "auto-replied"
    status, headers = (
        MIMENonMultipart("message", "delivery-status"),
        MIMENonMultipart("text", "rfc822-headers"),
    )
    final = ("Final-Recipient", f"rfc822; {recipient}"), ("Action", "failed"), ("Status", "5.2.2")
    diagnosis = f"smtp; 552 5.2.2 <{recipient}>: mailbox is full"
    status.set_payload(
        [
            _block(("Reporting-MTA", f"dns; {host}"), ("Arrival-Date", format_datetime(refused.at))),
            _block(*final, ("Diagnostic-Code", diagnosis)),
        ]
    )
    headers.set_payload(
        f"From: {refused.author.email}\r\nTo: {recipient}\r\nMessage-ID: {refused.id}\r\n"
        f"Date: {format_datetime(refused.at)}\r\n"
    )
    for part in (MIMEText(letter.text + "\n", "plain", "us-ascii"), status, headers):
        made.attach(part)
    return made


def _block(*fields: tuple[str, str]) -> MimeMessage:
    made = MimeMessage()
    for name, value in fields:
        made[name] = value
    return made
