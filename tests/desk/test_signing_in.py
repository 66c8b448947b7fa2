"""Every step of signing in and of guarding an account, in our look and in four languages."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.test.utils import override_settings

from opieka.shops.models import StaffMember
from opieka.shops.types import Role
from tests.desk.conftest import World

PASSWORD = "correct horse battery"


@pytest.fixture
def person(world: World) -> StaffMember:
    return StaffMember.objects.get(id=world.staff[Role.AGENT])


def sign_in(person: StaffMember, password: str = PASSWORD) -> tuple[Client, str]:
    """A browser after the first step, and where it was led."""
    client = Client()
    answer = client.post("/accounts/login/", {"login": person.email, "password": password})
    return client, answer.headers.get("Location", "")


def sure(person: StaffMember) -> Client:
    """A browser in which she has just shown once more that it is her."""
    client, _ = sign_in(person)
    led = client.get("/accounts/2fa/totp/activate/")["Location"]
    assert led.startswith("/accounts/reauthenticate/")
    assert is_ours(client.get(led).content.decode())
    client.post(led, {"password": PASSWORD})
    return client


def is_ours(html: str) -> bool:
    return 'class="plain-card"' in html and "</html>" in html


@pytest.mark.parametrize("language", ["pl", "ru", "el", "en"])
def test_signing_in_and_out(person: StaffMember, language: str) -> None:
    client = Client(headers={"Accept-Language": language})
    page = client.get("/accounts/login/?next=/customers/").content.decode()
    assert is_ours(page)
    assert f'<html lang="{language}"' in page
    said = {"login": person.email, "password": PASSWORD, "next": "/customers/"}
    assert client.post("/accounts/login/", said)["Location"] == "/customers/"
    assert client.get("/inbox/").status_code == 200
    assert is_ours(client.get("/accounts/logout/").content.decode())
    client.post("/accounts/logout/")
    assert "/accounts/login/" in client.get("/inbox/")["Location"]


def test_a_wrong_password_is_told_at_the_form(person: StaffMember) -> None:
    client = Client()
    page = client.post("/accounts/login/", {"login": person.email, "password": "wrong"}).content.decode()
    assert is_ours(page)
    assert 'role="alert"' in page


def test_a_forgotten_password(person: StaffMember) -> None:
    client = Client()
    assert is_ours(client.get("/accounts/password/reset/").content.decode())
    done = client.post("/accounts/password/reset/", {"email": person.email})
    assert is_ours(client.get(done["Location"]).content.decode())
    link = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[0].body))
    assert link
    form = client.get(client.get(link[0])["Location"])
    assert is_ours(form.content.decode())
    new = {"password1": "a much better one", "password2": "a much better one"}
    finished = client.post(form.request["PATH_INFO"], new)
    assert is_ours(client.get(finished["Location"]).content.decode())
    assert sign_in(person, "a much better one")[1] == "/"
    assert is_ours(client.get(link[0], follow=True).content.decode()), "the link works once"


def test_strangers_learn_nothing_from_a_reset(person: StaffMember) -> None:
    done = Client().post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert done.status_code == 302


def test_changing_the_password(person: StaffMember) -> None:
    client, _ = sign_in(person)
    assert is_ours(client.get("/accounts/password/change/").content.decode())
    said = {"oldpassword": PASSWORD, "password1": "a much better one", "password2": "a much better one"}
    client.post("/accounts/password/change/", said)
    assert sign_in(person, "a much better one")[1] == "/"


def test_an_authenticator_app_with_its_recovery_codes(person: StaffMember) -> None:
    client = sure(person)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert is_ours(page)
    secret = re.search(r'plain-secret"><code>(\w+)<', page)
    assert secret
    assert "data:image/svg+xml" in page
    code = format_hotp_value(hotp_value(secret[1], next(iter(yield_hotp_counters_from_time()))))
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert is_ours(codes)
    kept = re.findall(r"<li><code>([^<]+)</code>", codes)
    assert len(kept) >= 8
    for address in ("", "totp/deactivate/", "recovery-codes/generate/", "webauthn/"):
        assert is_ours(client.get(f"/accounts/2fa/{address}").content.decode()), address
    again, led = sign_in(person)
    assert led.startswith("/accounts/2fa/authenticate/")
    assert is_ours(again.get(led).content.decode())
    assert again.get("/inbox/").status_code == 302, "not in yet"
    again.post(led, {"code": kept[0]})
    assert again.get("/inbox/").status_code == 200


def test_passkeys(person: StaffMember) -> None:
    page = sure(person).get("/accounts/2fa/webauthn/add/").content.decode()
    assert is_ours(page)
    assert 'data-passkey="make"' in page
    assert "creation_options" in page
    options = Client().get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    assert "request_options" in options.json()


def test_a_closed_account(person: StaffMember) -> None:
    StaffMember.objects.filter(id=person.pk).update(is_active=False)
    client, led = sign_in(person)
    assert is_ours(client.get(led or "/accounts/inactive/").content.decode())


@pytest.mark.parametrize("address", ["signup/", "email/", "confirm-email/", "password/set/"])
def test_ways_that_are_closed(address: str) -> None:
    refused = Client().get(f"/accounts/{address}")
    assert refused.status_code == 403
    assert is_ours(refused.content.decode())


def test_errors_in_words(world: World) -> None:
    agent = world.client()
    missing = agent.get("/no/such/place/")
    assert missing.status_code == 404
    assert is_ours(missing.content.decode())
    foreign = agent.get("/conversations/999999999/")
    assert foreign.status_code == 404
    assert is_ours(foreign.content.decode())
    refused = agent.get("/failures/")
    assert refused.status_code == 403
    assert is_ours(refused.content.decode())
    forged = Client(enforce_csrf_checks=True).post("/me/language/", {"language": "pl"})
    assert forged.status_code == 403
    assert "out of date" in forged.content.decode()


def test_a_broken_page_says_so_and_shows_nothing_of_the_machine(world: World) -> None:
    agent = world.client()
    agent.raise_request_exception = False
    with override_settings(OPIEKA=None):
        broken = agent.get(f"/conversations/{world.conversation}/")
    assert broken.status_code == 500
    assert is_ours(broken.content.decode())
    assert "Traceback" not in broken.content.decode()
