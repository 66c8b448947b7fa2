"""The screens of one order, of cases and of a person's rights for the gallery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from opieka.desk.pages import cases, order, rights
from opieka.desk.pages.customer import Day
from opieka.desk.pages.parts import Act, Chip, Choice, Empty, Field, Form, Link, Pager, Person, Section, Tone
from tests.desk import samples
from tests.desk.texts import TEXTS, Texts

Screen = Callable[[str], tuple[str, dict[str, Any]]]


def _case(t: Texts, number: int, tone: Tone, *acts: str) -> cases.CaseLine:
    return cases.CaseLine(
        id=number,
        order=Link("#GR-20291-ΠΛ", "#"),
        what=t.acts[12],
        text=t.trouble,
        chip=Chip(t.delivery[2], tone),
        when=samples.at(t.days[1]),
        talk="#",
        acts=tuple(Act(label, "#", "check") for label in acts),
    )


def days(t: Texts) -> tuple[Day, ...]:
    """The same story under two days."""
    story = samples.story(t)
    return (Day(samples.at(t.days[3]), story[:2]), Day(samples.at(t.days[0]), story[2:]))


def an_order(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    bought = samples.orders(t)[0]
    lines = tuple(
        order.LineRow(name, "SKU-GLN-0001-CZERWONY", "1", "349,00 zł", "349,00 zł", gone=n == 1)
        for n, name in enumerate((t.products[0], t.products[1]))
    )
    parts = (
        order.Part(
            "truck-delivery",
            "ORLEN Paczka",
            "620000000000000198856204",
            samples.at(t.days[1]),
            Chip(t.delivery[3], Tone.LATE),
            (Link(t.acts[1], "#"),),
        ),
        order.Part("receipt", "blik", "349,00 zł", samples.at(t.days[0]), Chip(t.delivery[2], Tone.DONE)),
    )
    page = order.OrderPage(
        number=bought.number,
        shop="Glina Ceramika Artystyczna",
        source="shopify",
        when=bought.when,
        total=bought.total,
        strip=bought.strip,
        chip=Chip(t.delivery[3], Tone.LATE),
        person=Person(t.customer, t.initials),
        person_href="#",
        lines=lines,
        parts=parts,
        addresses=((t.form[3], (t.customer, "Θεσσαλονίκη Σίνδος, Καλοχώρι 128", "57022")),),
        note=t.note,
        case=cases.CasePanel(_case(t, 1, Tone.LATE, *t.acts[10:13]), Act(t.acts[9], "#", "x")),
        warning=t.trouble,
        live="order:1",
        days=days(t),
    )
    return "desk/order.html", {"frame": samples.a_frame(t, language, 1), "page": page}


def listed(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    views = (Choice("#", t.status[0], chosen=True, hint="3"), Choice("#", t.status[1]))
    rows = (_case(t, 1, Tone.LATE, *t.acts[10:13]), _case(t, 2, Tone.DONE), _case(t, 3, Tone.SOON, t.acts[7]))
    page = cases.CasesPage(views, rows, Empty(t.subject, t.form[9]), Pager(older="#"))
    return "desk/cases.html", {"frame": samples.a_frame(t, language, 2), "page": page}


def rights_of(t: Texts) -> rights.Rights:
    """What a customer allows, one copy of her data ready and one being made."""
    fields = (Field("wording", t.form[7], required=True),)
    allowed = (
        rights.ConsentLine(
            f"{t.form[0]} · SMS", t.form[7], Chip("OK", Tone.DONE), samples.at(t.days[0]), Act(t.acts[7], "#")
        ),
        rights.ConsentLine(
            f"{t.form[9]} · e-mail", t.agent, Chip(t.delivery[3], Tone.LATE), samples.at(t.days[1]), None
        ),
    )
    copies = (rights.CopyLine(t.days[1], t.form[7], ""), rights.CopyLine(t.days[0], "1,2 MB", "#"))
    say = Form("#", (Section("", fields),), t.acts[13])
    return rights.Rights(allowed, say, Act(t.acts[12], "#", "download"), copies, "customer:5", "#")


def erasing(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    name = Field("name", t.form[1], hint=f"{t.form[7]}: {t.customer}", error=t.form[8], required=True)
    form = Form("#", (Section("", (name,)),), t.acts[12], cancel=Link(t.acts[7], "#"), final=True)
    person = Person(t.customer, t.initials)
    page = rights.ErasePage(person, Link(t.customer, "#"), (t.trouble, *t.story[:3]), t.story[3:5], form)
    return "desk/erase.html", {"frame": samples.a_frame(t, language, 1), "page": page}


SCREENS: dict[str, Screen] = {"order": an_order, "cases": listed, "erase": erasing}
