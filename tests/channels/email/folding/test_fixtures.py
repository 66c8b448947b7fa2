"""The replies of other projects' test suites: what is new in them, by those suites or by plain reading."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from opieka.channels.adapters.email.mapping.folding import Kind, fold, fold_html

pytestmark = pytest.mark.shared

ANSWER = "Hi. I am fine. Thanks, Alex"
STANDARD = (
    "android aol apple_mail apple_mail_2 comcast gmail hotmail iphone outlook sparrow thunderbird yahoo"
)
HTML = (
    "gmail hotmail mail_ru ms_outlook_2003 ms_outlook_2007 ms_outlook_2010 thunderbird windows_mail yandex_ru"
)
NEW = {
    "correct_sig": "this is an email with a correct -- signature.",
    "email_1_4": "Awesome! I haven't had another problem with it.",
    "email_1_6": "I get proper rendering as well.",
    "email_1_7": ":+1:",
    "email_1_8": "I will reply under this one\n\nand under this.",
    "email_2_1": "Outlook with a reply",
    "email_2_2": "Outlook with a reply directly above line",
    "email_2_3": "Outlook with a reply above headers using unusual format",
    "email_BlackBerry": "Here is another email",
    "email_gmail": "This is a test for inbox replying to a github message.",
    "email_headers_no_delimiter": "And another reply!",
    "email_iPhone": "Here is another email",
    "email_multi_word_sent_from_my_mobile_device": "Here is another email",
    "email_sent_from_my_not_signature": (
        "Here is another email\n\nSent from my desk, is much easier then my mobile phone."
    ),
    "pathological": (
        "I think you're onto something. I will try to fix the problem as soon as I\nget back to a computer."
    ),
}
# Where the new text is long: how it begins, how it ends, and what must not be left in it.
ENDS = {
    "email_1_1": ("Hi folks", "using the Java HTTP API.", "Abhishek"),
    "email_1_2": ("Hi,\nYou can list", 'delete them all individually."', "riak-users"),
    "email_1_3": ("Oh thanks.", "would be great.", "Abhishek"),
    "email_1_5": ("One: Here's", "It goes on and on\nfor a while.", "\x00"),
    "email_bullets": ("test 2", "- and another", "Joe Smith"),
    "email_one_is_not_on": ("Thank, this", "when I run...", "wrote"),
    "email_partial_quote_header": ("On your remote host", "the tunnel is not working.", "wrote"),
    "email_sig_delimiter_in_middle_of_line": ("Hi there!", "kthxbai", "\x00"),
    "greedy_on": ("On your remote host", "the tunnel is not working.", "wrote"),
}
SIGNATURES = {"long": "Gina Xxxxxxxxx", "jeff": "via mobile", "sparse": "----------------"}
# Kept as new though the suite cuts them: a closing or a name written by hand is the customer's own.
CLOSINGS = {"short_url": "Thank you,\nNoam", "camel_case": "", "unicode_msg": "С уважением,\nСергей Обухов"}


def parts(path: Path) -> Iterator[tuple[str, str]]:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield part.get_content_subtype(), part.get_content()


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", STANDARD.split())
def test_standard_replies(shared: Path, name: str) -> None:
    """The suite asks what is not history; signatures are a second question, so here they count as reply."""
    folder = shared / "fixtures/replies/talon/standard_replies"
    expected = folder / f"{name}_reply_text"
    text = next(content for subtype, content in parts(folder / f"{name}.eml") if subtype == "plain")
    kept = "".join(s.text for s in fold(text).segments if s.kind is not Kind.QUOTE).strip()
    assert kept == (expected.read_text("utf-8").strip() if expected.exists() else "Hello")
    assert fold(text).reply == "Hello"


@pytest.mark.parametrize("name", STANDARD.split())
def test_standard_replies_in_html(shared: Path, name: str) -> None:
    for subtype, content in parts(shared / "fixtures/replies/talon/standard_replies" / f"{name}.eml"):
        if subtype == "html":
            assert fold_html(content).reply == ("Allo! Follow up MIME!" if name == "outlook" else "Hello")


@pytest.mark.parametrize("name", HTML.split())
def test_html_replies(shared: Path, name: str) -> None:
    html = (shared / f"fixtures/replies/talon/html_replies/{name}.html").read_text("utf-8")
    folded = fold_html(html)
    assert squeezed(folded.reply) == ANSWER
    assert "Hello! How are you?" in folded.quoted
    assert "How are you" not in folded.reply_html


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("OLK_SRC_BODY_SECTION.html", "Reply"),
        # The suite loses "Bob", who stands in one element with the history. He wrote that; it stays.
        ("reply-separated-by-hr.html", "Hi there Bob"),
    ],
)
def test_other_html(shared: Path, name: str, reply: str) -> None:
    assert squeezed(fold_html((shared / "fixtures/replies/talon" / name).read_text("utf-8")).reply) == reply


def test_reply_and_quotation_in_one_block(shared: Path) -> None:
    for subtype, content in parts(shared / "fixtures/replies/talon/reply-quotations-share-block.eml"):
        folded = fold(content) if subtype == "plain" else fold_html(content)
        assert folded.reply.startswith("Hi Katharine.")
        assert folded.reply.endswith(("Joe XXX", "Jhon Doe"))
        assert "From:" not in folded.reply


@pytest.mark.parametrize("name", NEW)
def test_short_mails(shared: Path, name: str) -> None:
    assert fold(read(shared, name)).reply == NEW[name]


@pytest.mark.parametrize("name", ENDS)
def test_long_mails(shared: Path, name: str) -> None:
    begin, end, folded = ENDS[name]
    reply = fold(read(shared, name)).reply
    assert reply.startswith(begin)
    assert reply.endswith(end)
    assert folded not in reply
    assert ">" not in reply.replace("->", "")


def test_no_mail_is_left_out(shared: Path) -> None:
    names = {path.stem for path in (shared / "fixtures/replies/zapier").glob("*.txt")}
    assert names == NEW.keys() | ENDS.keys()


def read(shared: Path, name: str) -> str:
    return (shared / f"fixtures/replies/zapier/{name}.txt").read_bytes().decode()


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures(shared: Path, name: str) -> None:
    text = (shared / f"fixtures/replies/talon/signature/emails/stripped/{name}_body").read_text("utf-8")
    assert fold(text).quoted.startswith(SIGNATURES[name])


def test_marked_signature(shared: Path) -> None:
    body = shared / "fixtures/replies/talon/signature/emails/P/johndoeexamplecom_body"
    text = body.read_text("utf-8").replace("#sig#", "")
    assert fold(text).quoted.startswith("John E. Doe, Ph.D.")


@pytest.mark.parametrize("name", CLOSINGS)
def test_closings_stay(shared: Path, name: str) -> None:
    emails = shared / "fixtures/replies/talon/signature/emails"
    found = [p for p in (emails / f"stripped/{name}_body", emails / f"P/{name}") if p.exists()]
    folded = fold(found[0].read_text("utf-8"))
    assert folded.quoted == ""
    assert folded.reply.endswith(CLOSINGS[name])
