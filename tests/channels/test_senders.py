"""One contract for everything that sends, whatever is behind it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
import requests

from opieka.channels import adapters
from opieka.channels.adapters.anymail.client import ProviderSender
from opieka.channels.adapters.anymail.mapping import PROVIDERS
from opieka.channels.adapters.base import ChannelError, Letter, Sender
from opieka.channels.adapters.email.mapping.outgoing import Frame, compose
from opieka.channels.types import AccountDetails, MessageFile, Outgoing, Party, Sending, Trouble
from tests.channels import relay, samples

ID = "0a.c17.abcdefghijklmnop@las.example"
MESSAGE = Outgoing(
    shop_id=1,
    account_id=1,
    customer_id=None,
    thread="conversation:17",
    message="message:1",
    to=(Party("email", "anna@example.com", "Żółw, Anna"),),
    subject="Где мой заказ? — " * 12,
    text="Ζητώ τιμολόγιο\n",
    files=(MessageFile("f", "τιμολόγιο.pdf", "application/pdf", 8),),
    in_reply_to="q@example.com",
    references=tuple(f"{number}{'x' * 90}@example.com" for number in range(40)),
)
FRAME = Frame(
    ID,
    Party("email", "sklep@las.example", "Las i Dom"),
    Party("email", "sklep+c17.abcdefghijklmnop@las.example", "Las i Dom"),
    datetime(2026, 11, 23, 12, tzinfo=UTC),
    "1.mark",
)
LETTER = Letter(compose(MESSAGE, FRAME, {"f": b"%PDF-1.4"}), ID, "sklep@las.example", ("anna@example.com",))

Seen = list[Any]


@dataclass
class Stage:
    """A sender, what reached the other side, and ways to make that side misbehave."""

    sender: Sender
    seen: Callable[[], int]
    temporary: Callable[[], None] | None = None
    permanent: Callable[[], None] | None = None


@contextmanager
def memory() -> Iterator[Stage]:
    from opieka.channels.adapters.memory.client import outbox

    yield Stage(adapters.sender(_details(Sending.MEMORY)), lambda: len(outbox))


@contextmanager
def console() -> Iterator[Stage]:
    with patch("opieka.channels.adapters.console.client.sys") as system:
        yield Stage(adapters.sender(_details(Sending.CONSOLE)), lambda: system.stdout.flush.call_count)


@contextmanager
def smtp() -> Iterator[Stage]:
    with relay.running() as running:
        sender = adapters.sender(_details(Sending.SMTP, smtp=samples.smtp_server(running.port)))

        def temporary() -> None:
            running.data = "451 later"

        def permanent() -> None:
            running.data = "554 no"

        yield Stage(sender, lambda: len(running.taken), temporary, permanent)


ANSWERS: dict[str, Any] = {
    "brevo": {"messageId": "<0100@smtp-relay.mailin.fr>"},
    "mailersend": {},
    "mailgun": {"id": f"<{ID}>", "message": "Queued. Thank you."},
    "mailjet": {"Messages": [{"Status": "success", "To": [
        {"Email": "anna@example.com", "MessageID": 1, "MessageUUID": "u"}], "Cc": [], "Bcc": []}]},
    "postmark": {"To": "anna@example.com", "MessageID": "uuid", "ErrorCode": 0, "Message": "OK"},
    "sendgrid": None,
    "sparkpost": {"results": {"total_accepted_recipients": 1, "total_rejected_recipients": 0, "id": "1"}},
}  # fmt: skip


def provider(name: str) -> Callable[[], Any]:
    @contextmanager
    def staged() -> Iterator[Stage]:
        seen: Seen = []
        answer = {"status": 200 if ANSWERS[name] else 202, "body": ANSWERS[name]}

        def send(session: requests.Session, request: requests.PreparedRequest, **_: Any) -> requests.Response:
            response = requests.Response()
            response.status_code, response.request = answer["status"], request
            response.url = request.url or ""
            response._content = json.dumps(answer["body"]).encode() if answer["body"] is not None else b""
            response.headers.update({"X-Message-Id": "provider-1", "Content-Type": "application/json"})
            if response.ok:
                seen.append(request.body)
            return response

        options = dict.fromkeys(PROVIDERS[name].keys, "key")
        with patch.object(requests.Session, "send", send):
            yield Stage(
                adapters.sender(_details(Sending.PROVIDER, provider=name, options=options)),
                lambda: len(seen),
                lambda: answer.update(status=503, body={}),
                lambda: answer.update(status=400, body={"message": "no"}),
            )

    return staged


STAGES: dict[str, Callable[[], Any]] = {"memory": memory, "console": console, "smtp": smtp}
STAGES |= {name: provider(name) for name in PROVIDERS}


def _details(sending: Sending, **changes: Any) -> AccountDetails:
    return AccountDetails(address="sklep@las.example", name="Las", sending=sending, **changes)


@pytest.fixture(params=sorted(STAGES))
def stage(request: pytest.FixtureRequest, local_network: None) -> Iterator[Stage]:
    with STAGES[request.param]() as made:
        yield made


def test_a_letter_is_taken(stage: Stage) -> None:
    before = stage.seen()
    receipt = stage.sender.send(LETTER)
    assert stage.seen() == before + 1
    assert receipt.refused == {}
    if stage.sender.capabilities.keeps_message_id:
        assert receipt.provider_id == ""


def test_checking_sends_nothing(stage: Stage) -> None:
    before = stage.seen()
    stage.sender.check()
    assert stage.seen() == before


def test_what_cannot_be_taken_now(stage: Stage) -> None:
    if stage.temporary is None:
        pytest.skip("takes everything")
    stage.temporary()
    with pytest.raises(ChannelError) as caught:
        stage.sender.send(LETTER)
    assert not caught.value.permanent
    assert stage.seen() == 0


def test_what_can_never_be_taken(stage: Stage) -> None:
    if stage.permanent is None:
        pytest.skip("takes everything")
    stage.permanent()
    with pytest.raises(ChannelError) as caught:
        stage.sender.send(LETTER)
    assert caught.value.permanent
    assert stage.seen() == 0


def test_a_provider_hears_all_of_the_message() -> None:
    sender = ProviderSender("postmark", {"server_token": "t"})
    with patch.object(requests.Session, "send") as send:
        send.return_value.status_code = 200
        send.return_value.json.return_value = ANSWERS["postmark"]
        sender.send(LETTER)
    body = json.loads(send.call_args.args[0].body)
    headers = {header["Name"]: header["Value"] for header in body["Headers"]}
    assert headers["Message-ID"] == f"<{ID}>"
    assert headers["In-Reply-To"] == "<q@example.com>"
    assert headers["X-PM-KeepID"] == "true"
    assert body["Subject"] == ("Где мой заказ? — " * 12).strip()
    assert body["To"].endswith("<anna@example.com>")
    assert "Ζητώ" in body["TextBody"]
    assert "Ζητώ" in body["HtmlBody"]
    assert [file["Name"] for file in body["Attachments"]] == ["τιμολόγιο.pdf"]


def test_a_provider_that_answers_too_late_leaves_a_doubt() -> None:
    sender = ProviderSender("postmark", {"server_token": "t"})
    late = patch.object(requests.Session, "send", side_effect=requests.ReadTimeout)
    with late, pytest.raises(ChannelError) as caught:
        sender.send(LETTER)
    assert (caught.value.trouble, caught.value.in_doubt) == (Trouble.IN_DOUBT, True)


def test_a_provider_without_its_keys() -> None:
    for sender in (lambda: ProviderSender("postmark", {}).check(), lambda: ProviderSender("x", {})):
        with pytest.raises(ChannelError) as caught:
            sender()
        assert caught.value.trouble is Trouble.SETTINGS


def test_no_way_of_sending() -> None:
    with pytest.raises(ChannelError):
        adapters.sender(_details(Sending.NONE))
