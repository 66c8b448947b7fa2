"""Mailboxes that are entered by access tokens: the provider, IMAP and SMTP as they behave."""

from __future__ import annotations

import base64
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from opieka.channels import commands, jobs, queries
from opieka.channels.adapters.base import ChannelError
from opieka.channels.adapters.email.client import imap, oauth
from opieka.channels.adapters.email.client.smtp import SmtpSender
from opieka.channels.types import OAuth, Receiving, Security, Sending, Server, Trouble
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from tests.channels import relay, samples
from tests.factories import make_shop

USER = "sklep@las.example"


@dataclass
class Provider:
    """Gives tokens for refresh tokens it knows: token-1, token-2, ..."""

    port: int = 0
    known: set[str] = field(default_factory=lambda: {"first"})
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    replaces: str = ""
    status: int = 200

    @property
    def oauth(self) -> OAuth:
        return OAuth(f"http://127.0.0.1:{self.port}/token", "client", "secret", "first", "mail")

    def answer(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        self.asked.append(form)
        if self.status != 200:
            return self.status, {}
        if form["refresh_token"][0] not in self.known:
            return 400, {"error": "invalid_grant", "error_description": "Token has been revoked."}
        new = {"refresh_token": self.replaces} if self.replaces else {}
        return 200, {"access_token": f"token-{len(self.asked)}", "expires_in": 3600} | new


@pytest.fixture
def provider(local_network: None) -> Iterator[Provider]:
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # its name
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, said = made.answer(form)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


class MailServer(socketserver.StreamRequestHandler):
    """Lets in the bearer of token-1, and has an empty INBOX."""

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready")
        while line := self.rfile.readline().decode().split():
            tag, verb = line[0], line[1].upper()
            if verb == "AUTHENTICATE" and not self.let_in(line):
                self.say(f"{tag} NO AUTHENTICATE failed.")
                continue
            if verb == "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2")
            if verb == "EXAMINE":
                self.say("* 0 EXISTS")
                self.say("* OK [UIDVALIDITY 7] ok")
            self.say(f"{tag} OK done")

    def let_in(self, line: list[str]) -> bool:
        if len(line) < 4:
            self.say("+ ")
            line = [*line, self.rfile.readline().decode().strip()]
        good = base64.b64decode(line[3]).decode() == oauth.xoauth2(USER, "token-1")
        if not good:
            self.say("+ " + base64.b64encode(b'{"status":"401"}').decode())
            self.rfile.readline()
        return good


@pytest.fixture
def imap_port() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def nothing_held() -> None:
    oauth._held.clear()


def server(port: int, provider: Provider) -> Server:
    return Server("127.0.0.1", port, Security.PLAIN, USER, oauth=provider.oauth)


def test_a_token_is_used_until_shortly_before_it_ends(provider: Provider) -> None:
    with clock.fixed(clock.now()):
        assert [oauth.access_token(provider.oauth) for _ in range(3)] == ["token-1"] * 3
        clock.advance(timedelta(minutes=59))
        assert oauth.access_token(provider.oauth) == "token-2"
    assert provider.asked[0] == {
        "grant_type": ["refresh_token"],
        "client_id": ["client"],
        "client_secret": ["secret"],
        "refresh_token": ["first"],
        "scope": ["mail"],
    }


@pytest.mark.parametrize(
    ("status", "known", "trouble"),
    [(200, set(), Trouble.LOGIN), (500, {"first"}, Trouble.BUSY), (429, {"first"}, Trouble.BUSY)],
)
def test_what_goes_wrong_at_the_provider(
    provider: Provider, status: int, known: set[str], trouble: Trouble
) -> None:
    provider.status, provider.known = status, known
    with pytest.raises(ChannelError) as failed:
        oauth.access_token(provider.oauth)
    assert failed.value.trouble is trouble
    assert "secret" not in failed.value.detail


def test_a_provider_that_is_not_there(provider: Provider) -> None:
    with pytest.raises(ChannelError) as failed:
        oauth.access_token(OAuth("https://nobody.invalid/token", "a", "b", "c"))
    assert failed.value.trouble is Trouble.UNREACHABLE


def test_a_mailbox_is_read_by_the_bearer_of_a_token(provider: Provider, imap_port: int) -> None:
    with imap.connected(server(imap_port, provider)) as mailbox:
        assert mailbox.open("INBOX").uidvalidity == 7
    oauth.renewed(provider.oauth)  # another one, which this server does not know
    with pytest.raises(ChannelError) as failed, imap.connected(server(imap_port, provider)):
        pass
    assert failed.value.trouble is Trouble.LOGIN
    assert oauth.access_token(provider.oauth) == "token-3"  # what was refused is not tried again


def test_mail_is_sent_by_the_bearer_of_a_token(provider: Provider) -> None:
    with relay.running(bearer=oauth.xoauth2(USER, "token-1")) as running:
        sender = SmtpSender(server(running.port, provider))
        sender.check()
        sender.send(samples.letter())
        assert len(running.taken) == 1
        oauth.renewed(provider.oauth)
        with pytest.raises(ChannelError) as failed:
            sender.check()
    assert failed.value.trouble is Trouble.LOGIN


@pytest.mark.django_db
def test_a_replaced_refresh_token_is_kept_and_a_withdrawn_one_is_told(provider: Provider) -> None:
    shop = make_shop()
    entry = server(993, provider)
    account_id = samples.make_account(
        shop, receiving=Receiving.IMAP, imap=entry, sending=Sending.SMTP, smtp=entry
    )
    provider.replaces, provider.known = "second", {"first", "second"}
    jobs.renew_tokens(0)
    details = queries.account_details(account_id)
    assert details.imap is not None
    assert details.smtp is not None
    assert details.imap.oauth is not None
    assert details.smtp.oauth is not None
    assert (details.imap.oauth.refresh_token, details.smtp.oauth.refresh_token) == ("second", "second")
    provider.known = set()
    jobs.renew_tokens(0)
    card = queries.account(account_id, shop_ids=[shop.id])
    assert (card.receive_trouble, card.send_trouble) == (Trouble.LOGIN, Trouble.LOGIN)
    assert "revoked" in card.receive_detail


@pytest.mark.django_db
def test_secrets_stay_when_a_form_leaves_them_empty(provider: Provider) -> None:
    shop = make_shop()
    entry = server(993, provider)
    account_id = samples.make_account(shop, receiving=Receiving.IMAP, imap=entry)
    details = queries.account_details(account_id)
    blank = OAuth(provider.oauth.token_url, "client", scope="other")
    shown = Server(entry.host, entry.port, entry.security, entry.user, oauth=blank)
    changed = samples.changed(details, imap=shown)
    commands.change_account(account_id, shop_id=shop.id, details=changed, by=SYSTEM)
    found = queries.account_details(account_id).imap
    assert found is not None
    assert found.oauth is not None
    assert (found.oauth.client_secret, found.oauth.refresh_token, found.oauth.scope) == (
        "secret",
        "first",
        "other",
    )
    elsewhere = OAuth("https://thief.example/token", "client")
    taken = samples.changed(
        details, imap=Server(entry.host, 993, entry.security, entry.user, oauth=elsewhere)
    )
    with pytest.raises(commands.BadAccount):  # what is stored goes to no other address
        commands.change_account(account_id, shop_id=shop.id, details=taken, by=SYSTEM)
