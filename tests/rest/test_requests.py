"""What is the same for every request: its form, its errors, its repetition, and how many there may be."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from opieka.customers import commands as customers
from opieka.customers.models import Customer
from opieka.kernel import clock
from opieka.rest import commands
from opieka.rest.models import Answer, Usage
from opieka.shops import queries as shops
from opieka.shops.models import ApiToken
from opieka.shops.types import ShopCard
from tests.factories import make_shop
from tests.rest.world import Program, issue, said

ANNA = {"contact_points": [{"kind": "email", "value": "anna@example.com"}], "name": "Anna"}


@pytest.fixture
def shop(db: None) -> ShopCard:
    return make_shop()


@pytest.fixture
def call(shop: ShopCard) -> Program:
    return Program(issue(shop))


def people() -> int:
    return Customer.objects.count()


def test_a_repeated_request_gets_the_first_answer_and_does_nothing(call: Program) -> None:
    first = call.post("/customers", ANNA, key="k1")
    again = call.post("/customers", ANNA, key="k1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first.headers["Location"] == again.headers["Location"]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert people() == 1


def test_without_a_key_or_with_another_one_it_is_done_again(call: Program) -> None:
    assert [call.post("/customers", ANNA, key=key).status_code for key in ("k1", "k2", None)] == [
        201,
        200,
        200,
    ]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/customers", ANNA | {"name": "Beata"}),
        ("post", "/customers?x=1", ANNA),
        ("patch", "/customers/1", {"name": "Beata"}),
    ],
)
def test_a_key_stands_for_one_request(call: Program, method: str, path: str, body: object) -> None:
    call.post("/customers", ANNA, key="k1")
    answer = call(method, path, body, key="k1")
    assert said(answer, 422)["code"] in {"idempotency_key_reused", "unknown_parameter"}


def test_a_key_belongs_to_its_token(call: Program, shop: ShopCard) -> None:
    call.post("/customers", ANNA, key="k1")
    other = Program(issue(shop)).post("/customers", ANNA, key="k1")
    assert other.status_code == 200
    assert "Idempotent-Replayed" not in other.headers


def test_a_refusal_is_not_remembered_and_leaves_nothing(call: Program) -> None:
    bad = {"contact_points": [{"kind": "email", "value": "nobody"}]}
    for _ in range(2):
        answer = call.post("/customers", bad, key="k1")
        assert said(answer, 422)["code"] == "contact_point_invalid"
        assert "Idempotent-Replayed" not in answer.headers
    assert not Answer.objects.exists()
    assert call.post("/customers", ANNA, key="k1").status_code == 201


def test_a_crash_leaves_nothing(call: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks after the work is done takes the work with it."""

    def broken(*_args: object, **_options: object) -> str:
        raise RuntimeError("secret particulars")

    with monkeypatch.context() as patch:
        patch.setattr("opieka.rest.operations.reverse", broken)
        answer = call.post("/customers", ANNA, key="k1")
    assert said(answer, 500)["code"] == "internal"
    assert b"secret" not in answer.content
    assert (people(), Answer.objects.count()) == (0, 0)
    assert call.post("/customers", ANNA, key="k1").status_code == 201


def test_what_is_done_in_two_steps_is_done_whole_or_not_at_all(call: Program) -> None:
    """An account without its role would be nobody's."""
    narrow = Program(said(call.post("/tokens", {"name": "n", "scopes": ["staff"]}), 201)["token"])
    body = {"email": "x@example.com", "name": "X", "password": "correct horse battery", "role": "agent"}
    assert said(narrow.post("/staff", body), 403)["code"] == "more_than_own"
    assert said(call.post("/staff", body), 201)["email"] == "x@example.com"


@pytest.mark.parametrize("key", ["", "with space", "ż", "x" * 201])
def test_keys_that_are_none(call: Program, key: str) -> None:
    answer = call.post("/customers", ANNA, key=key.encode().decode("latin-1"))
    assert said(answer, 400)["code"] == "bad_idempotency_key"
    assert people() == 0


def test_answers_are_forgotten_after_two_days(call: Program, noon: object) -> None:
    call.post("/customers", ANNA, key="k1")
    clock.advance(timedelta(days=1))
    assert (commands.forget_old(), Answer.objects.count(), Usage.objects.count()) == (0, 1, 0)
    clock.advance(timedelta(days=1, minutes=1))
    assert (commands.forget_old(), Answer.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Two requests of one key in two threads: the second waits for the first."""

    @pytest.fixture
    def call(self) -> Program:
        return Program(issue(make_shop()))

    @pytest.fixture
    def meeting(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
        """The first request has done its work and goes on, to its commit, when this is set."""
        self.begun, may_end, real = threading.Event(), threading.Event(), customers.recognise

        def slow(*args: Any, **options: Any) -> int:
            made = real(*args, **options)
            self.begun.set()
            assert may_end.wait(20)
            if self.dies:
                raise RuntimeError
            return made

        monkeypatch.setattr(customers, "recognise", slow)
        yield may_end
        may_end.set()

    begun: threading.Event
    dies = False

    def both(self, call: Program, may_end: threading.Event) -> list[HttpResponse]:
        answers: dict[int, HttpResponse] = {}

        def ask(number: int) -> None:
            answers[number] = Program(call.token).post("/customers", ANNA, key="k1")
            connection.close()

        threads = [threading.Thread(target=ask, args=(number,)) for number in (0, 1)]
        threads[0].start()
        assert self.begun.wait(20)
        threads[1].start()
        threads[1].join(0.5)
        assert threads[1].is_alive(), "the second waits"
        may_end.set()
        for thread in threads:
            thread.join(20)
        return [answers[0], answers[1]]

    def test_it_gets_the_same_answer(self, call: Program, meeting: threading.Event) -> None:
        first, second = self.both(call, meeting)
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.content == second.content
        assert second.headers["Idempotent-Replayed"] == "true"
        assert people() == 1

    def test_it_does_the_work_when_the_first_has_failed(
        self, call: Program, meeting: threading.Event, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.dies = True
        count = commands.count_request

        def second_lives(token_id: int) -> commands.Budget:
            if self.begun.is_set():
                threading.Timer(0.8, lambda: setattr(self, "dies", False)).start()
            return count(token_id)

        monkeypatch.setattr(commands, "count_request", second_lives)
        first, second = self.both(call, meeting)
        assert first.status_code == 500
        assert second.status_code in {201, 500}
        assert people() == (1 if second.status_code == 201 else 0)


def test_every_request_is_counted(call: Program, noon: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "REQUESTS_A_MINUTE", 2)
    clock.advance(timedelta(seconds=20))
    seen = [call.get("/shop") for _ in range(4)]
    assert [answer.status_code for answer in seen] == [200, 200, 429, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in seen] == ["1", "0", "0", "0"]
    assert {(answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Reset"]) for answer in seen} == {
        ("2", "40")
    }
    assert said(seen[2], 429)["code"] == "too_many_requests"
    assert seen[2].headers["Retry-After"] == "40"
    clock.advance(timedelta(seconds=40))
    assert call.get("/shop").status_code == 200


def test_one_token_does_not_use_up_anothers_requests(
    call: Program, shop: ShopCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "REQUESTS_A_MINUTE", 1)
    assert [call.get("/shop").status_code for _ in range(2)] == [200, 429]
    assert Program(issue(shop)).get("/shop").status_code == 200


def test_a_tokens_use_is_noted(call: Program, noon: object) -> None:
    call.get("/shop")
    assert ApiToken.objects.get().used_at == noon


def test_a_revoked_token_opens_nothing(call: Program, shop: ShopCard) -> None:
    token_id = shops.tokens(shop.id)[0].pk
    assert call("delete", f"/tokens/{token_id}").status_code == 204
    assert call.get("/shop").status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "unreadable_body"),
        (b'{"name": NaN}', 400, "unreadable_body"),
        (b'"\xff"', 400, "unreadable_body"),
        (b"[" * 100_000, 400, "unreadable_body"),
        (b"", 422, "invalid_request"),
        (b"[]", 422, "invalid_request"),
        (b'{"name": 5}', 422, "invalid_request"),
        (b'{"name": null}', 422, "invalid_request"),
        (b'{"name": "a\\u0000b"}', 422, "invalid_request"),
        (b'{"nam": "a"}', 422, "invalid_request"),
        (b'{"name": "' + b"a" * 301 + b'"}', 422, "invalid_request"),
    ],
)
def test_bodies_that_are_refused(call: Program, body: bytes, status: int, code: str) -> None:
    anna = said(call.post("/customers", ANNA), 201)["id"]
    headers = {"Authorization": f"Bearer {call.token}"}
    answer = call.client.generic(
        "PATCH", f"/api/v1/customers/{anna}", body, content_type="application/json", headers=headers
    )
    assert said(answer, status)["code"] == code  # type: ignore[arg-type]  # the test client's own kind
    assert said(call.get(f"/customers/{anna}"))["name"] == "Anna"


def test_bodies_too_large_or_of_another_kind(call: Program) -> None:
    headers = {"Authorization": f"Bearer {call.token}"}
    large = call.client.generic(
        "POST", "/api/v1/customers", b" " * 5_000_001, "application/json", headers=headers
    )
    assert (large.status_code, json.loads(large.content)["code"]) == (413, "body_too_large")
    form = call.client.generic("POST", "/api/v1/customers", b"a=1", "text/plain", headers=headers)
    assert (form.status_code, json.loads(form.content)["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=ten", "limit=%2B5", "limit=5&limit=6", "lmit=5", "cursor=!", "cursor=WzFd",
     "view=none", "assignee_id=9223372036854775808", "cursor=WyIxMDAwLTAxLTAxVDAwOjAwOjAwWiIsMV0"],
)  # fmt: skip
def test_parameters_that_are_refused(call: Program, query: str) -> None:
    assert call.get(f"/conversations?{query}").status_code == 422


def test_addresses_and_methods_there_are_none_of(call: Program) -> None:
    for path in ("/nothing", "/", "/customers/1/nothing", "/customers/"):
        for method in ("get", "post"):
            answer = call(method, path)
            assert said(answer, 404)["code"] == "not_found"
            assert answer.headers["Content-Type"] == "application/problem+json"
    answer = call("put", "/customers")
    assert said(answer, 405)["code"] == "method_not_allowed"
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_sentences_come_in_the_language_asked_for(call: Program) -> None:
    polish = said(call.get("/customers/1", **{"Accept-Language": "pl-PL,pl;q=0.9"}), 404)
    english = said(call.get("/customers/1"), 404)
    assert polish["code"] == english["code"] == "not_found"
    assert polish["detail"] != english["detail"]


def test_answers_are_not_for_caches_or_other_origins(call: Program) -> None:
    answer = call.get("/shop", Origin="https://elsewhere.example")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_a_session_is_no_token(shop: ShopCard, client: Any) -> None:
    from opieka.shops.models import StaffMember
    from tests.factories import make_staff

    client.force_login(
        StaffMember.objects.get(id=make_staff(shop)), "allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get("/api/v1/shop").status_code == 401
