"""The examples in docs/api.md are run as they stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse

from tests.rest.world import Program, World, make_world

PAGE = Path(__file__).parent.parent.parent / "docs" / "api.md"
EXAMPLES = re.findall(r"```sh\n(curl .+?)```", PAGE.read_text(), flags=re.S)
HOST = "https://care.example.com"


def run(example: str, program: Program) -> HttpResponse:
    """What curl would do, in this process."""
    told = example.replace("$OPIEKA", HOST).replace("$TOKEN", program.token)
    words = shlex.split(told.replace("\\\n", " "))[1:]
    method, url, body = "GET", "", ""
    headers: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word in {"-d", "--data-binary"}:
            body = words.pop(0)
        else:
            assert word.startswith(HOST), word
            url = word
    parts = urlsplit(url)
    kind = headers.pop("Content-Type", "")
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    answer = program.client.generic(method, path, body, content_type=kind, headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.fixture
def world(db: None, noon: object) -> World:
    return make_world()


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_works(example: str, world: World) -> None:
    answer = run(example, world.program)
    assert answer.status_code in {200, 201}, answer.content


def test_what_it_says_of_limits_is_true() -> None:
    from opieka.rest.commands import ANSWERS_KEPT, REQUESTS_A_MINUTE
    from opieka.rest.fields import MOST
    from opieka.rest.operations import MOST_JSON

    text = PAGE.read_text()
    assert f"{REQUESTS_A_MINUTE} a minute" in text
    assert f"1 to {MOST}, else 50" in text
    assert f"at most {MOST_JSON // 1_000_000} MB" in text
    assert ANSWERS_KEPT.days == 2
    assert "two days" in text
