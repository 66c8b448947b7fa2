"""Four complete catalogues, in step with the source and compiled."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from jinja2 import TemplateSyntaxError

from opieka.project import catalogues

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
SOURCE = Path(catalogues.__file__).parents[1]
TAG = re.compile(r"</?[a-z]+")


@pytest.fixture(scope="module", params=catalogues.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_nothing_is_untranslated_or_unused(language: str) -> None:
    stored, fresh = catalogues.stored(language), catalogues.merged(language)
    wanted = {(message.id, message.context) for message in fresh}
    there = {(message.id, message.context) for message in stored}
    assert wanted == there, "run `make messages`, then translate what it names"
    assert catalogues.missing(stored) == []


def test_no_text_hides_in_an_f_string() -> None:
    """The extraction does not look into them: such a text would stay English for everybody."""
    hidden = []
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.JoinedStr):
                calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
                names = {one.func.id for one in calls if isinstance(one.func, ast.Name)}
                hidden += [f"{file}:{node.lineno}"] * bool(names & catalogues.KEYWORDS.keys())
    assert not hidden


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Each translation beside the text it translates."""
    texts = message.id if isinstance(message.id, tuple | list) else (message.id,)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    for number, string in enumerate(strings):
        yield texts[min(number, len(texts) - 1)], string or ""


def test_placeholders_and_tags_survive_translation(language: str) -> None:
    wrong = []
    for message in catalogues.stored(language):
        for text, string in forms(message):
            named = set(PLACEHOLDER.findall(string)) <= set(PLACEHOLDER.findall(text))
            plural = isinstance(message.id, tuple | list)
            whole = plural or sorted(PLACEHOLDER.findall(string)) == sorted(PLACEHOLDER.findall(text))
            if text and not (named and whole and sorted(TAG.findall(text)) == sorted(TAG.findall(string))):
                wrong.append(f"{text!r} -> {string!r}")
    assert not wrong, "\n".join(wrong)


class Anything(dict[str, int]):
    """A value for every placeholder."""

    def __missing__(self, name: str) -> int:
        return 1


def test_translations_can_be_filled_in(language: str) -> None:
    wrong = []
    for message in catalogues.stored(language):
        for text, string in forms(message):
            try:
                filled = string % Anything() if PLACEHOLDER.search(text) else string
            except ValueError:
                filled = ""
            if text and not filled:
                wrong.append(f"{text!r} -> {string!r}")
    assert not wrong, "\n".join(wrong)


def test_the_compiled_catalogue_is_in_step(language: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogues.stored(language))
    assert catalogues.path(language).with_suffix(".mo").read_bytes() == compiled.getvalue()


TEMPLATE = """
{% do seen.append(1) %}{{ _("A letter") }}{{ pgettext("verb", "Open") }}
<i title="{{ ngettext("%(num)s letter", "%(num)s letters", count) }}"></i>
{% trans %}
  Two lines
  of 100%
{% endtrans %}
"""
CODE = """
from django.utils.translation import gettext_lazy as _, pgettext_lazy
sentence = _(
    "One sentence "
    "over two lines."
)
state = pgettext_lazy("state", "Open")
"""


def test_every_way_of_marking_a_text_is_found(tmp_path: Path) -> None:
    (tmp_path / "templates" / "desk").mkdir(parents=True)
    (tmp_path / "templates" / "desk" / "page.html").write_text(TEMPLATE)
    (tmp_path / "words.py").write_text(CODE)
    assert {(one.context, one.id) for one in catalogues.extracted(tmp_path) if one.id} == {
        (None, "A letter"),
        ("verb", "Open"),
        (None, ("%(num)s letter", "%(num)s letters")),
        (None, "Two lines of 100%%"),
        (None, "One sentence over two lines."),
        ("state", "Open"),
    }


def test_a_template_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("{% if %}")
    with pytest.raises(TemplateSyntaxError):
        catalogues.extracted(tmp_path)
