"""Notices of non-delivery as the common mail servers write them, and mails that only look like one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from opieka.channels.adapters.email.mapping import parse
from opieka.channels.types import Bounce, BounceKind

HARD, SOFT = BounceKind.HARD, BounceKind.SOFT
COPY = "Return-Path: <shop@sklep.example>\nFrom: shop@sklep.example\nTo: jan@klient.example\nSubject: x\n"


@dataclass(frozen=True)
class Notice:
    name: str
    sender: str
    subject: str
    body: str
    kind: BounceKind
    status: str
    recipient: str = "jan@klient.example"
    head: str = ""


NOTICES = [
    Notice(
        "qmail",
        "MAILER-DAEMON@mx.example",
        "failure notice",
        "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver "
        "your message to the following addresses.\nThis is a permanent error; I've given up. "
        "Sorry it didn't work out.\n\n<jan@klient.example>:\nSorry, no mailbox here by that "
        "name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n" + COPY,
        HARD,
        "5.1.1",
    ),
    Notice(
        "qmail expired",
        "MAILER-DAEMON@mx.example",
        "failure notice",
        "Hi. This is the qmail-send program at mx.example.\n\n<jan@klient.example>:\nI'm not "
        "going to try again; this message has been in the queue too long.\n\n--- Below this line "
        "is a copy of the message.\n\n" + COPY,
        SOFT,
        "4.4.7",
    ),
    Notice(
        "exim",
        "Mail Delivery System <Mailer-Daemon@mx.example>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you "
        "sent could not be delivered to one or more of its\nrecipients. This is a permanent "
        "error. The following address(es) failed:\n\n  jan@klient.example\n    SMTP error from "
        "remote mail server after RCPT TO:<jan@klient.example>:\n    host mx.klient.example "
        "[192.0.2.4]: 550 5.7.1 Message rejected as spam\n\n------ This is a copy of the "
        "message, including all the headers. ------\n\n" + COPY,
        HARD,
        "5.7.1",
    ),
    Notice(
        "exim, header only",
        "Mail Delivery System <Mailer-Daemon@mx.example>",
        "Mail delivery failed: returning message to sender",
        "A message that you sent could not be delivered to one or more of its recipients.\n\n  "
        'unrouteable mail domain "klient.example"\n',
        HARD,
        "5.1.2",
        head="X-Failed-Recipients: jan@klient.example\n",
    ),
    Notice(
        "exim warning",
        "Mail Delivery System <Mailer-Daemon@mx.example>",
        "Warning: message 1a2b3c-000 delayed 24 hours",
        "This message was created automatically by mail delivery software.\nA message that you "
        "sent has not yet been delivered to one or more of its\nrecipients after more than 24 "
        "hours on the queue on mx.example.\n\nThe address to which the message has not yet been "
        "delivered is:\n\n  jan@klient.example\n    Delay reason: Connection timed out\n\nNo "
        "action is required on your part. Delivery attempts will continue for\nsome time.\n",
        SOFT,
        "4.4.1",
    ),
    Notice(
        "sendmail 8.8",
        "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>",
        "Returned mail: User unknown",
        "The original message was received at Mon, 23 Nov 1998 10:00:00 +0100\nfrom shop "
        "[192.0.2.1]\n\n   ----- The following addresses had permanent fatal errors -----\n"
        "<jan@klient.example>\n\n   ----- Transcript of session follows -----\n... while talking "
        "to mx.klient.example.:\n>>> RCPT To:<jan@klient.example>\n<<< 550 "
        "<jan@klient.example>... User unknown\n550 <jan@klient.example>... User unknown\n\n   "
        "----- Original message follows -----\n" + COPY,
        HARD,
        "5.1.1",
    ),
    Notice(
        "old postfix",
        "Mail Delivery System <MAILER-DAEMON@mx.example>",
        "Undelivered Mail Returned to Sender",
        "This is the Postfix program at host mx.example.\n\nI'm sorry to have to inform you that "
        "the message returned\nbelow could not be delivered to one or more destinations.\n\n"
        "<jan@klient.example>: host mx.klient.example[192.0.2.4] said: 452 4.2.2 Mailbox full\n",
        SOFT,
        "4.2.2",
    ),
    Notice(
        "exchange 5.5",
        "System Administrator <postmaster@mx.example>",
        "Undeliverable: Zamówienie",
        "Your message\n\n  To:      jan@klient.example\n  Subject: Zamówienie\n  Sent:    Mon, "
        "23 Nov 2026 10:00:00 +0100\n\ndid not reach the following recipient(s):\n\n"
        "jan@klient.example on Mon, 23 Nov 2026 10:00:03 +0100\n    The recipient name is not "
        "recognized\n\tThe MTS-ID of the original message is: c=pl;a= ;p=X;l=Y\n    "
        "MSEXCH:IMS:Klient:POZNAN:MX 0 (000C05A6) Unknown Recipient\n",
        HARD,
        "5.1.1",
    ),
    Notice(
        "gmail, old",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "Delivery to the following recipient failed permanently:\n\n     jan@klient.example\n\n"
        "Technical details of permanent failure:\nGoogle tried to deliver your message, but it "
        "was rejected by the server for the recipient domain. The error that the other server "
        "returned was:\n550 550 5.2.1 The email account is disabled (state 13).\n\n----- "
        "Original message -----\n\n" + COPY,
        HARD,
        "5.2.1",
    ),
    Notice(
        "gmail, delay",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Delay)",
        "This is an automatically generated Delivery Status Notification\n\nTHIS IS A WARNING "
        "MESSAGE ONLY.\n\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nDelivery to the following "
        "recipient has been delayed:\n\n     jan@klient.example\n\nMessage will be retried for 2 "
        "more day(s)\n",
        SOFT,
        "4.4.7",
    ),
    Notice(
        "yahoo",
        "MAILER-DAEMON@yahoo.example",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n"
        "<jan@klient.example>:\nRemote host said: 554 delivery error: dd This user doesn't have "
        "a klient.example account (jan@klient.example) [0]\n\n--- Below this line is a copy of "
        "the message.\n\n" + COPY,
        HARD,
        "5.1.1",
    ),
    Notice(
        "domino",
        "Administrator <postmaster@mx.example>",
        "DELIVERY FAILURE: User jan (jan@klient.example) not listed in Domino Directory",
        "Your message\n\n  Subject: Zamówienie\n\nwas not delivered to:\n\n  "
        "jan@klient.example\n\nbecause:\n\n  User jan (jan@klient.example) not listed in Domino "
        "Directory\n",
        HARD,
        "5.1.1",
    ),
    Notice(
        "courier",
        '"Courier mail server" <postmaster@mx.example>',
        "NOTICE: mail delivery status.",
        "This is a delivery status notification from mx.example, running the Courier mail "
        "server, version 0.65.\n\nUNDELIVERABLE MAIL\n\nYour message to the following recipients "
        "cannot be delivered:\n\n<jan@klient.example>:\n   mx.klient.example [192.0.2.4]:\n>>> "
        "RCPT TO:<jan@klient.example>\n<<< 550 5.1.1 <jan@klient.example>... User Unknown\n",
        HARD,
        "5.1.1",
    ),
    Notice(
        "groupwise",
        "Mailer-Daemon@gw.example",
        "Message status - undeliverable",
        "The message that you sent was undeliverable to the following:\n\tjan@klient.example "
        "(550 Mailbox unavailable or access denied)\n",
        HARD,
        "5.1.1",
    ),
    Notice(
        "polish",
        "Mail Delivery System <MAILER-DAEMON@poczta.example>",
        "Niedostarczona wiadomość",
        "Przykro nam, ale wiadomość nie mogła zostać dostarczona do adresata:\n\n"
        "jan@klient.example\n\nPowód: skrzynka odbiorcy jest przepełniona\n",
        HARD,
        "5.2.2",
    ),
    Notice(
        "russian",
        "mailer-daemon@corp.example",
        "Недоставленное сообщение",
        "Это письмо создано автоматически сервером. К сожалению, мы не можем доставить ваше "
        "письмо следующему получателю:\n\njan@klient.example\nпользователь не найден\n",
        HARD,
        "5.1.1",
    ),
    Notice(
        "greek",
        "Postmaster <postmaster@mx.example>",
        "Αποτυχία παράδοσης: Παραγγελία",
        "Το μήνυμά σας δεν παραδόθηκε στον παραλήπτη jan@klient.example: ο παραλήπτης δεν υπάρχει\n",
        HARD,
        "5.1.1",
    ),
    Notice(
        "german",
        "Mail Delivery System <mailer-daemon@kundenserver.example>",
        "Mail delivery failed: returning message to sender",
        "Die Nachricht konnte nicht zugestellt werden:\n\njan@klient.example: Benutzer unbekannt\n",
        HARD,
        "5.1.1",
    ),
    Notice(
        "only the copy names the recipient",
        "postmaster@mx.example",
        "Undeliverable message returned to sender",
        "This message was created automatically. Your message could not be delivered.\n\n----- "
        "Original message -----\n\n" + COPY,
        HARD,
        "5.0.0",
    ),
    Notice(
        "only our return path names the recipient",
        "MAILER-DAEMON@mx.example",
        "Returned mail",
        "Your message was not delivered: host not found.\n",
        HARD,
        "5.1.2",
        head="To: bounce+jan=klient.example@sklep.example\n",
    ),
    Notice(
        "xmail",
        "postmaster@mx.example",
        "Error sending message [1119] from [mx.example]",
        "[<00>] XMail bounce: Rcpt=[jan@klient.example];Error=[550 No such user]\n\n"
        "Mail From: <shop@sklep.example>\nRcpt To:   <jan@klient.example>\n",
        HARD,
        "5.1.1",
    ),
    Notice(
        "a gateway's transcript",
        "Mail Delivery System <postmaster@mx.example>",
        "Mail could not be delivered",
        "Sent <<< RCPT TO:<jan@klient.example>\nReceived >>> 550 5.1.1 <jan@klient.example>... user unknown\n\n"
        "Unable to deliver message to <jan@klient.example>.\n",
        HARD,
        "5.1.1",
    ),
    Notice(
        "exchange online, as a person reads it",
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.example>",
        "Undeliverable: x",
        "Your message to jan@klient.example couldn't be delivered.\n\njan wasn't found at klient.example.\n",
        HARD,
        "5.1.1",
    ),
    Notice(
        "policy",
        "mailer-daemon@corp.example",
        "Mail failure.",
        "A message that you sent could not be delivered. The following address(es) failed:\n\n"
        "  jan@klient.example\n    host mx [192.0.2.4]: 550 spam message rejected. Report to abuse@corp.example\n",
        HARD,
        "5.7.1",
    ),
    Notice(
        "no connection",
        "MAILER-DAEMON@mx.example",
        "Undelivered Mail Returned to Sender",
        "<jan@klient.example>: connect to mx.klient.example[192.0.2.1]:25: Connection timed out\n",
        SOFT,
        "4.4.1",
    ),
]


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.name)
def test_a_notice_for_people_is_understood(notice: Notice) -> None:
    to = "" if "To:" in notice.head else "To: shop@sklep.example\n"
    raw = f"From: {notice.sender}\n{to}{notice.head}Subject: {notice.subject}\n\n{notice.body}"
    found = parse(raw.encode())
    assert found.bounce is not None
    assert (found.bounce.kind, found.bounce.status, found.bounce.recipient) == (
        notice.kind,
        notice.status,
        notice.recipient,
    )
    assert found.auto_reply


def report(
    groups: str, *, kind: str = "delivery-status", text: str = "Some words.", original: str = ""
) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\nTo: shop@sklep.example\nSubject: Delivery report\n"
        "MIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\n{text}\n"
        f"--b\nContent-Type: message/{kind}\n\n{groups}\n--b\nContent-Type: message/rfc822\n\n"
        f"{original or 'Message-ID: <m1@sklep.example>'}\nTo: jan@klient.example\n\nbody\n--b--\n"
    ).encode()


RECIPIENT = "Final-Recipient: rfc822; jan@klient.example\n"
REPORTS = [
    (RECIPIENT + "Action: failed\nStatus: 5.1.1\n", (HARD, "5.1.1", "jan@klient.example")),
    (RECIPIENT + "Action: failed\nStatus: 4.4.7\n", (SOFT, "4.4.7", "jan@klient.example")),
    (RECIPIENT + "Action: delayed\nStatus: 4.4.1\n", (SOFT, "4.4.1", "jan@klient.example")),
    (
        RECIPIENT + "Action: Failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.2.1 no\n",
        (HARD, "5.2.1", "jan@klient.example"),
    ),
    (RECIPIENT + "Action: failed\nDiagnostic-Code: smtp; 552 quota\n", (HARD, "5.2.2", "jan@klient.example")),
    (
        RECIPIENT + "Action: failed (bad)\nStatus: 5.1.1 (bad destination)\n",
        (HARD, "5.1.1", "jan@klient.example"),
    ),
    (RECIPIENT + "Action: failed\n", (HARD, "5.0.0", "jan@klient.example")),
    (
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822;<a@x.example>\nAction: delivered\n"
        "Status: 2.0.0\n\n" + RECIPIENT + "Action: delayed\nStatus: 4.2.2\n\n"
        "Final-Recipient: RFC822; <eva@y.example>\nAction: failed\nStatus: 5.1.2\n",
        (HARD, "5.1.2", "eva@y.example"),
    ),
    (
        "Original-Recipient: rfc822;jan@klient.example\nAction: failed\nStatus: 5.1.1",
        (HARD, "5.1.1", "jan@klient.example"),
    ),
    (
        "Final-Recipient: X400; /O=klient/\nAction: failed\nStatus: 5.1.1\n",
        (HARD, "5.1.1", "jan@klient.example"),
    ),
]


@pytest.mark.parametrize(("groups", "expected"), REPORTS)
def test_a_delivery_report_is_understood(groups: str, expected: tuple[BounceKind, str, str]) -> None:
    assert parse(report(groups)).bounce == Bounce(*expected, original_id="m1@sklep.example")


GOOD_NEWS = [
    report(RECIPIENT + "Action: delivered\nStatus: 2.0.0\n", text="Your message was delivered."),
    report(
        RECIPIENT + "Action: relayed\nStatus: 2.1.9\n",
        text="was relayed, no failure report is to be expected",
    ),
    report(RECIPIENT + "Action: expanded\nStatus: 2.0.0\n"),
    report(
        RECIPIENT + "Disposition: manual-action/MDN-sent-manually; displayed\n",
        kind="disposition-notification",
        text="This is a return receipt. It says not that the mail could not be delivered.",
    ),
]


@pytest.mark.parametrize("raw", GOOD_NEWS)
def test_good_news_and_receipts_are_automatic_but_no_bounce(raw: bytes) -> None:
    found = parse(raw)
    assert found.bounce is None
    assert found.auto_reply


NOT_BOUNCES = [
    (
        "Anna <anna@example.pl>",
        "Nie dostarczono paczki",
        "Dzień dobry, paczka nie została dostarczona. anna@example.pl",
    ),
    ("Anna <anna@example.pl>", "Undelivered parcel", "My parcel was not delivered, tracking 550 123 456."),
    (
        "Anna <anna@example.pl>",
        "Re: Undelivered Mail Returned to Sender",
        "What does this mean? It could not be delivered.",
    ),
    ("Anna <anna@example.pl>", "Delivery failed!", "Kurier nie dostarczył paczki. Delivery failed twice."),
    ("newsletter@shop.example", "Delivery status of your order", "Your order 5.1.1 was delivered."),
]


@pytest.mark.parametrize(("sender", "subject", "text"), NOT_BOUNCES)
def test_a_customer_who_complains_about_a_delivery_is_no_mail_server(
    sender: str, subject: str, text: str
) -> None:
    head = f"Return-Path: <{sender}>\n" if "<" not in sender else f"Return-Path: {sender.partition(' ')[2]}\n"
    found = parse(f"{head}From: {sender}\nTo: shop@sklep.example\nSubject: {subject}\n\n{text}\n".encode())
    assert found.bounce is None
    assert not found.auto_reply


PROGRAMS = [
    (
        "InPost <delivery@inpost.example>",
        "Delivery failed",
        "Your parcel could not be delivered. Pick it up: 5.1.1.",
    ),
    (
        "Kurier <powiadomienia@kurier.example>",
        "Nie dostarczono przesyłki 123",
        "Paczka nie została dostarczona.",
    ),
    ("Bank <alerts@bank.example>", "Returned mail notice", "A letter was returned to the sender, code 550."),
    (
        "News <news@list.example>",
        "Failed delivery? Our guide",
        "What to do when your mail could not be delivered.",
    ),
]


@pytest.mark.parametrize(("sender", "subject", "text"), PROGRAMS)
def test_a_courier_who_failed_to_deliver_is_no_mail_server(sender: str, subject: str, text: str) -> None:
    head = "Return-Path: <bounce-17@mailer.example>\nAuto-Submitted: auto-generated\nPrecedence: bulk\n"
    found = parse(f"{head}From: {sender}\nTo: shop@sklep.example\nSubject: {subject}\n\n{text}\n".encode())
    assert found.bounce is None
    assert found.automatic


PASTED = "I got this back:\n\nFinal-Recipient: rfc822; sklep@sklep.example\nAction: failed\nStatus: 5.1.1\n"


def test_a_report_pasted_into_a_letter_is_no_report() -> None:
    head = "From: Anna <anna@example.pl>\nTo: shop@sklep.example\nSubject: Your mailbox\n\n"
    assert parse((head + PASTED).encode()).bounce is None
    daemon = head.replace("Anna <anna@", "Mail Delivery System <mailer-daemon@")
    assert parse((daemon + PASTED).encode()).bounce == Bounce(HARD, "5.1.1", "sklep@sklep.example")
