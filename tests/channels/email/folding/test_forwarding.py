"""A message that is passed on is content, whatever it looks like; one that is answered is history."""

from __future__ import annotations

import pytest

from opieka.channels.adapters.email.mapping import parse
from opieka.channels.adapters.email.mapping.folding import fold, fold_html

NOTE, PASSED = "Please see below.", "Your refund is on its way."
HEADERS = "From: Shop <shop@example.com>\nSent: Tuesday, November 5, 2024 10:12 AM\nTo: Anna\nSubject: Refund"
ANNOUNCED = [
    f"---------- Forwarded message ---------\n{HEADERS}",
    f"-------- Treść przekazanej wiadomości --------\n{HEADERS}",
    f"Początek przekazywanej wiadomości:\n\n{HEADERS}",
    f"Начало переадресованного сообщения:\n\n{HEADERS}",
    f"Έναρξη προωθούμενου μηνύματος:\n\n{HEADERS}",
]


@pytest.mark.parametrize("head", ANNOUNCED)
@pytest.mark.parametrize("mark", ["", "> "])
def test_an_announced_message_is_content(head: str, mark: str) -> None:
    below = "\n".join(mark + line for line in f"{head}\n\n{PASSED}".splitlines())
    assert PASSED in fold(f"{NOTE}\n\n{below}").reply


@pytest.mark.parametrize(
    "subject", ["FW: Refund", "Fwd: Refund", "PD: Zwrot", "WG: Geld", "ΠΡΘ: Επιστροφή", "TR : Colis"]
)
def test_the_subject_says_that_a_message_is_passed_on(subject: str) -> None:
    raw = f"Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{NOTE}\n\n{HEADERS}\n\n{PASSED}\n"
    assert PASSED in parse(raw.encode()).reply_text


@pytest.mark.parametrize("subject", ["Re: Refund", "Re: FW: Refund", "Odp: PD: Zwrot", "Refund"])
def test_an_answer_to_one_folds_it(subject: str) -> None:
    raw = f"Subject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{NOTE}\n\n{HEADERS}\n\n{PASSED}\n"

    assert parse(raw.encode()).reply_text == NOTE


def test_outlook_marks_both_alike_and_only_the_subject_tells() -> None:
    html = f'<p>{NOTE}</p><div id="divRplyFwdMsg"><b>From:</b> Shop</div><p>{PASSED}</p>'
    assert fold_html(html).reply == NOTE
    assert PASSED in fold_html(html, forwards=True).reply


def test_names_are_known_by_what_outlook_puts_before_them() -> None:
    assert fold_html(f'<p>{NOTE}</p><div id="x_x_appendonsend"></div><p>{PASSED}</p>').reply == NOTE
