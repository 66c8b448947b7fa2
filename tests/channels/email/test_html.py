"""HTML of mails: safe to show, readable as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.channels.adapters.email.mapping.html import clean_html, content_ids, to_text

TEXTS = {
    "<p>a</p><p>b</p>": "a\n\nb",
    "<div>a</div><div>b</div>": "a\nb",
    "a<br>b<br/><br>c": "a\nb\n\nc",
    "  a \n\t b  ": "a b",
    "<b>a</b><i>b</i> <u>c</u>": "ab c",
    "<div><div><div>a</div></div></div>b": "a\nb",
    "<ul><li>a</li><li>b</li></ul>": "- a\n- b",
    "<ol><li>a</li><li>b</li></ol>": "1. a\n2. b",
    "<p>a</p><blockquote>b<br>c</blockquote><p>d</p>": "a\n\n> b\n> c\n\nd",
    "<blockquote>a<blockquote>b</blockquote></blockquote>": "> a\n>\n>> b",
    "<pre>a\n  b</pre>": "a\n  b",
    "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>": "a b\nc",
    "a &amp; b &lt;c&gt; &nbsp;&oacute;&#322;": "a & b <c>  ół",
    '<a href="https://x.pl">sklep</a>': "sklep",
    '<img src="x" alt="Logo"> a': "Logo a",
    "a<hr>b": "a\n--------------------\nb",
    "<style>p{}</style><script>x()</script><title>t</title>a": "a",
    "<!-- comment -->a": "a",
    "<html><head><meta charset=utf-8></head><body>a</body></html>": "a",
    "<o:p>a</o:p>": "a",
    "a < b > c": "a < b > c",
    "<p>a": "a",
    "a</p></div>b": "a\n\nb",
    "": "",
    "<p></p>": "",
    "plain\ntext": "plain text",
}


@pytest.mark.parametrize(("markup", "text"), TEXTS.items())
def test_text(markup: str, text: str) -> None:
    assert to_text(markup) == text


CLEAN = {
    "<p onclick=x() class=c id=i>a</p>": "<p>a</p>",
    "<script>x()</script>a": "a",
    "<style>a{}</style>b": "b",
    "<form action=x><input name=y>a</form>": "a",
    "<iframe src=x></iframe>a": "a",
    '<a href="javascript:x()">a</a>': '<a rel="noopener noreferrer nofollow" target="_blank">a</a>',
    '<a href="data:text/html,x">a</a>': '<a rel="noopener noreferrer nofollow" target="_blank">a</a>',
    '<a href="https://x.pl" target="_top">a</a>': (
        '<a href="https://x.pl" target="_blank" rel="noopener noreferrer nofollow">a</a>'
    ),
    '<p style="color: red; position: fixed">a</p>': '<p style="color:red">a</p>',
    '<p style="background: url(http://x)">a</p>': "<p>a</p>",
    '<img src="http://x.pl/a.png" alt="a">': '<img data-remote-src="http://x.pl/a.png" alt="a">',
    '<img src="//x.pl/a.png">': '<img data-remote-src="//x.pl/a.png">',
    '<img src="cid:i1@x" width=10>': '<img src="cid:i1@x" width="10">',
    '<img src="data:image/png;base64,AA==">': '<img src="data:image/png;base64,AA==">',
    '<img src="data:text/html,x">': "<img>",
    '<img src="file:///etc/passwd">': "<img>",
    '<img src=x srcset="http://x.pl/b.png 2x">': "<img>",
    '<table background="http://x.pl/a.png"><tr><td>a</td></tr></table>': (
        "<table><tbody><tr><td>a</td></tr></tbody></table>"
    ),
    "<svg><script>x()</script></svg>a": "a",
    '<img src="http://x/" title=\'" src="http://y/\'>': '<img data-remote-src="http://x/" title="&quot; src=&quot;http://y/">',
}


def sorted_attributes(html: str) -> list[list[str]]:
    return [sorted(piece.split(" ")) for piece in html.replace(">", " ").split("<")]


@pytest.mark.parametrize(("markup", "cleaned"), CLEAN.items())
def test_cleaning(markup: str, cleaned: str) -> None:
    assert sorted_attributes(clean_html(markup).html) == sorted_attributes(cleaned)


def test_what_cleaning_reports() -> None:
    found = clean_html('<img src="http://x/1"><img src="https://x/2"><img src="cid:a"><img src="CID:b@c">')
    assert found.remote_images == 2
    assert found.content_ids == {"a", "b@c"}
    assert content_ids("<IMG border=0 SRC='cid:a@b'> <img src=cid:c>") == {"a@b", "c"}
    assert content_ids("cid:not-an-image") == frozenset()


@given(
    st.lists(
        st.sampled_from(
            ["<b>", "</b>", "<p", ">", '"', "'", "=", "<img src=", "http://x", "<!--", "<a href=", "x", " "]
        )
    )
)
def test_nothing_that_runs_or_calls_home_comes_through(pieces: list[str]) -> None:
    cleaned = clean_html("".join(pieces)).html
    assert "<script" not in cleaned
    assert ' src="http' not in cleaned
    assert isinstance(to_text("".join(pieces)), str)
