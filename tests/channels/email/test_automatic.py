"""Who wrote it: a person, a program that answers, or a program that only sends."""

from __future__ import annotations

import pytest

from opieka.channels.adapters.email.mapping import parse

REPLIES = [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-replied (vacation)",
    "Auto-Submitted: auto-generated\nIn-Reply-To: <a@b>",
    "X-Autoreply: yes",
    "X-Autorespond: vacation",
    "Precedence: auto_reply",
    "Subject: Automatic reply: order",
    "Subject: Out of Office: Jan",
    "Subject: Auto: order",
    "Subject: Autoreply: order",
    "Subject: Re: Out of office",
    "Subject: Odpowiedź automatyczna: zamówienie",
    "Subject: Automatyczna odpowiedź",
    "Subject: Jestem na urlopie",
    "Subject: Poza biurem",
    "Subject: Автоматический ответ: заказ",
    "Subject: Автоответ",
    "Subject: Αυτόματη απάντηση: παραγγελία",
    "Subject: Εκτός γραφείου",
    "Subject: Automatische Antwort: Bestellung",
    "Subject: Abwesenheitsnotiz",
    "Subject: Réponse automatique : commande",
    "Subject: Respuesta automática: pedido",
    "Subject: Risposta automatica: ordine",
    "Subject: Automatické odpověď",
    "Subject: Resposta automática",
    "Subject: Automatisch antwoord",
    "Subject: Autosvar: beställning",
    "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
]
PROGRAMS = [
    "Auto-Submitted: auto-generated",
    "Precedence: bulk",
    "Precedence: list",
    "List-Id: News <news.example.pl>",
    "List-Unsubscribe: <mailto:x@example.pl>",
    "Return-Path: <>",
    "Feedback-ID: 1:2:3",
]
PEOPLE = [
    "Subject: Automat nie działa",
    "Subject: My office chair",
    "Subject: Question about the automatic reply",
    "Subject: Urlop od 5 do 12, kiedy wyślecie?",
    "Subject: Auto parts",
    "Auto-Submitted: no",
    "Precedence: first-class",
    "Return-Path: <a@example.pl>",
    "In-Reply-To: <a@b>",
]


@pytest.mark.parametrize("head", REPLIES)
def test_automatic_replies(head: str) -> None:
    found = parse(f"From: a@example.pl\n{head}\n\ntext".encode())
    assert (found.auto_reply, found.automatic) == (True, True)


@pytest.mark.parametrize("head", PROGRAMS)
def test_mail_of_programs(head: str) -> None:
    found = parse(f"From: a@example.pl\n{head}\n\ntext".encode())
    assert (found.auto_reply, found.automatic) == (False, True)


@pytest.mark.parametrize("head", PEOPLE)
def test_mail_of_people(head: str) -> None:
    found = parse(f"From: a@example.pl\n{head}\n\ntext".encode())
    assert (found.auto_reply, found.automatic) == (False, False)


def test_marks_for_loops_and_lists() -> None:
    found = parse(b"From: a@example.pl\nX-Opieka-Loop: s1\nList-Id: News <news.example.pl>\n\n")
    assert (found.loop_mark, found.list_id) == ("s1", "news.example.pl")
