"""Whatever comes in, all of it comes out, quickly, and an agent never sees an empty message."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opieka.channels.adapters.email.mapping.folding import Kind, fold, fold_html

LINES = [
    "Dzień dobry,", "", " ", "> cytat", ">> stary cytat", ">", "-- ", "---",
    "_______________________________",
    "W dniu 5.01.2024 o 10:12, Sklep pisze:", "On Fri, Jan 5, 2024 at 10:12 AM Bob <b@c.example> wrote:",
    "On Fri, Jan 5, 2024 at 10:12 AM Bob", "<b@c.example>", "wrote:", "Od: a@b.example", "Temat: x",
    "Wysłano: 5.01.2024 10:12", "Do: c@d.example", "-----Original Message-----", "Wysłane z iPhone'a",
    "-Anna",
    "---------- Forwarded message ---------", "Hi On 1/2/2024 10:10, Bob <b@c.example> wrote:",
    "(http://x", "x)",
    "+48 600 100 200", "www.sklep.example", "| rura", "\x0c", "\u2028", "\u200b", "\ufeff", "Temat：x",
]  # fmt: skip
TAGS = [
    "<div>", "</div>", "<p>", "</p>", "<br>", "<hr>", "<hr id=zwchr>", "<blockquote>", "</blockquote>",
    "<blockquote type=cite>", '<div class="gmail_quote">', '<div class="gmail_attr">', "<table><tr><td>",
    "</td></tr></table>", '<div id="divRplyFwdMsg">', '<div class="gmail_signature">', "<b>", "</b>", "<pre>",
    "</pre>", "<i", 'a="', "<!-- c -->", "<![if x]>", "&lt;", "&amp;", "<td></td>", '<img src="cid:a">',
    "<ul><li>",
    "<span style='white-space:pre'>", "<a href='x\">y'>", "</body>", "<x:y>", '<font "=x>',
    "<title>t</title>",
]  # fmt: skip

plain_mails = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(LINES), st.text(max_size=30)), st.sampled_from(["\n", "\r\n", "\r", ""])
    )
).map(lambda pairs: "".join(line + end for line, end in pairs))
html_mails = st.lists(st.one_of(st.sampled_from(TAGS), st.sampled_from(LINES), st.text(max_size=10))).map(
    "\n".join
)


@given(plain_mails)
def test_segments_are_the_mail(text: str) -> None:
    folded = fold(text)
    assert "".join(segment.text for segment in folded.segments) == text
    assert all(segment.text for segment in folded.segments)
    assert all(a.kind is not b.kind for a, b in zip(folded.segments, folded.segments[1:], strict=False))


@given(plain_mails)
def test_something_is_always_new(text: str) -> None:
    assert bool(fold(text).reply) or not re.sub(r"[\s>\u200b\ufeff]", "", text)


class Reader(HTMLParser):
    """Checks that a fragment is balanced and collects its letters."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.letters: list[str] = []
        self.stack: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag not in {"br", "hr", "img"}:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.letters += data.split()


def letters(html: str) -> list[str]:
    return sorted("".join(Reader(html).letters))


@given(html_mails)
@settings(max_examples=300)
def test_fragments_are_balanced_and_hold_all_text(html: str) -> None:
    folded = fold_html(html)
    whole = fold_html(f"<div>{folded.reply_html}{folded.quoted_html}</div>")
    both = sorted(letters(folded.reply_html) + letters(folded.quoted_html))
    assert both == sorted("".join((folded.reply + folded.quoted).split()))
    assert both == sorted("".join((whole.reply + whole.quoted).split()))
    assert not Reader(folded.reply_html).stack
    assert not Reader(folded.quoted_html).stack


@given(st.lists(st.text(alphabet="abcżłЖΩ", min_size=1, max_size=8), min_size=1))
def test_html_text_is_that_of_the_parser(found: list[str]) -> None:
    html = "".join(f"<div><blockquote type=cite>{a}</blockquote><p>{a}x</div>" for a in found)
    folded = fold_html(html)
    assert folded.quoted.split() == found
    assert folded.reply.split() == [f"{a}x" for a in found]


def test_deep_nesting_loses_nothing() -> None:
    html = "<div>" * 20_000 + "deep" + "</div>" * 20_000 + "after"
    assert fold_html(html).reply.split() == ["deep", "after"]


def test_an_empty_reply_shows_the_whole_mail() -> None:
    text = "On 5 Jan 2024, at 10:12, Bob <b@c.example> wrote:\n\n> Hello\n"
    assert [segment.kind for segment in fold(text).segments] == [Kind.NEW]
    assert fold_html('<blockquote type="cite">Hello</blockquote>').reply == "Hello"


def test_a_picture_is_a_reply() -> None:
    folded = fold_html('<img src="cid:photo"><blockquote type="cite">Send a photo</blockquote>')
    assert folded.reply_html == '<img src="cid:photo">'
    assert folded.quoted == "Send a photo"


HOSTILE_LINES = [
    "\n", "\r", " ", ">", "> ", "-", "_\n", "a", "\xa0", "On ", "a@", "1 1.", "(", "1(((((((", "http://",
    "*From:* ",
    "On Fri, Jan 5, 2024 at 10:12 AM Bob <a@b.c> wrot\n", "x On 1/2/2024 10:10, a@b wrote\n", "From: x\n",
    "--\n",
    "Date:1\nTo:2\nCc:\n", "Sent from my iPhone\n", "-Anna\n", "<http\n> ", "--- message ---\n", "A wrote:\n",
    "1 a@b\n> q\n", "Пятница, 5 января 2024, 10:12 от ч\n", "> a\nb\n", "a\u0301",
    "On 1/2/2024 10:10, a@b:\n\n",
]  # fmt: skip
HOSTILE_TAGS = [
    "<blockquote>", "<div>", "<b>x", "<br>", "<", "<p>a", "<table><tr><td>", "</div>", "<!--",
    "<a href='x", "&lt;",
    "<div class=gmail_quote>x<blockquote>", "<blockquote type=cite>x</blockquote>y", "<p>1 a@b.c x",
    "<pre>a\n",
]  # fmt: skip
SIZE = 5_000_000
SECONDS = 2.0


@pytest.mark.parametrize("unit", HOSTILE_LINES, ids=repr)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (SIZE // len(unit.encode()))
    began = time.process_time()
    folded = fold(text)
    assert time.process_time() - began < SECONDS
    assert sum(len(segment.text) for segment in folded.segments) == len(text)


@pytest.mark.parametrize("unit", HOSTILE_TAGS)
@pytest.mark.parametrize("tags", [40_000, SIZE], ids=["just looked at", "too many"])
def test_hostile_html_takes_linear_time(unit: str, tags: int) -> None:
    html = unit * min(SIZE // len(unit), tags // max(unit.count("<"), 1))
    began = time.process_time()
    fold_html(html)
    assert time.process_time() - began < SECONDS
