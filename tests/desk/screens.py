"""Every screen of the gallery: its template and a context as full, as long or as empty as life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from opieka.desk.pages import care, customer, frame, inbox, settings, webhooks
from opieka.desk.pages.parts import (
    Act,
    Balance,
    Chip,
    Choice,
    Clock,
    Empty,
    Field,
    FieldKind,
    Form,
    Link,
    Pager,
    Person,
    Section,
    Toast,
    Tone,
)
from opieka.desk.pages.tables import Column, Filter, Table
from tests.desk import order_screens, parcel_screens, samples
from tests.desk.texts import TEXTS, Texts

Screen = Callable[[str], tuple[str, dict[str, Any]]]


def inbox_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    page = inbox.InboxPage(t.subject, samples.a_list(t), samples.conversation(t, language), samples.NO_SHOP)
    return "desk/inbox.html", {"frame": samples.a_frame(t, language), "page": page}


def list_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    page = inbox.InboxPage(t.list_title, samples.a_list(t), None, Empty(t.subject, t.form[9], "mail-opened"))
    toast = Toast(t.facts[1], Act(t.acts[7], "#"))
    return "desk/inbox.html", {"frame": replace(samples.a_frame(t, language), toasts=(toast,)), "page": page}


def empty_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    nobody = Person("kontakt@example.com", "K")
    alone = replace(
        samples.beside(t),
        person=nobody,
        contact_points=samples.points(t)[1:2],
        orders=(),
        timeline=samples.story(t)[:1],
        balance=None,
        cases=(),
        conversations=(),
        suspects=(),
        orders_more=None,
    )
    talk = replace(
        samples.conversation(t, language),
        title="?",
        related=None,
        person=nobody,
        items=samples.items(t)[9:10],
        beside=alone,
        clock=None,
        earlier="",
        composer=replace(samples.a_composer(t, language), channels=(), blocked=t.form[9]),
    )
    page = inbox.InboxPage("?", samples.a_list(t, full=False), talk, samples.NO_SHOP)
    return "desk/inbox.html", {"frame": samples.a_frame(t, language), "page": page}


def a_form(t: Texts, *, tight: bool = False) -> Form:
    countries = (Choice("PL", "Polska", chosen=True), Choice("GR", "Ελλάδα"))
    days = tuple(Choice(str(n), d, n < 5) for n, d in enumerate(("Pn", "Wt", "Śr", "Cz", "Pt", "So", "Nd")))
    if tight:
        fields = (
            Field("email", t.form[13], FieldKind.EMAIL, required=True, autocomplete="off"),
            Field("role", t.form[19], FieldKind.SELECT, required=True, choices=countries),
        )
        return Form("#", (Section("", fields),), t.acts[14])
    shop = (
        Field("name", t.form[1], value="Glina", hint=t.form[7], required=True),
        Field("url", t.form[2], value="glina", error=t.form[8], required=True),
        Field("country", t.form[4], FieldKind.SELECT, choices=countries, required=True),
    )
    hours = (
        Field("days", t.form[12], FieldKind.MANY, choices=days, required=True),
        Field("from", t.form[10], FieldKind.TIME, value="08:00", required=True),
        Field("first", t.form[6], FieldKind.NUMBER, value="120"),
        Field("signature", t.form[7], FieldKind.AREA, value=t.agent),
        Field("remember", t.form[16], FieldKind.CHECK, value="on"),
    )
    sections = (Section(t.form[0], shop, t.form[7]), Section(t.form[5], hours, t.form[9]))
    return Form("#", sections, t.acts[13], cancel=Link(t.acts[7], "#"))


def customer_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    person, twin = Person(t.customer, t.initials), Person(t.rows[1][1], "AW")
    page = customer.CustomerPage(
        person=person,
        since=t.since,
        language=t.language,
        live="customer:5",
        href="#",
        facts=((t.form[3], t.language), (t.form[4], "Polska")),
        contact_points=samples.points(t),
        add_contact_point=a_form(t, tight=True),
        change=None,
        kinds=tuple(Choice("#", v, n == 0) for n, v in enumerate(t.views)),
        days=order_screens.days(t),
        empty=samples.NO_SHOP,
        orders=tuple(
            customer.OrderRow(o.number, o.href, o.when, o.what, o.total, o.strip) for o in samples.orders(t)
        ),
        conversations=samples.beside(t).conversations,
        candidates=(inbox.Candidate(twin, "#", "+48 601 234 567", Act(t.acts[10], "#", "arrows-join")),),
        candidates_url="/candidates/",
        merges=(customer.Merge(twin, t.agent, samples.at(t.days[1]), Act(t.acts[11], "#", "arrows-split")),),
        balance=Balance(t.balance, Tone.SOON, "#"),
        rights=order_screens.rights_of(t),
        pager=Pager(older="#"),
    )
    return "desk/customer.html", {"frame": samples.a_frame(t, language, 1), "page": page}


def balance_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    rows = tuple(
        customer.MovementRow(entry, weight, tone)
        for entry, weight, tone in zip(
            samples.story(t), ("−12", "+0.9"), (Tone.LATE, Tone.DONE), strict=False
        )
    )
    page = customer.BalancePage(
        Person(t.customer, t.initials),
        Link(t.customer, "#"),
        t.balance,
        Tone.SOON,
        ((t.form[3], "14"), (t.form[4], "1")),
        rows,
        samples.NO_SHOP,
        Pager(older="#"),
    )
    return "desk/balance.html", {"frame": samples.a_frame(t, language, 1), "page": page}


def coupons_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    acts = (Act(t.acts[0], "#", "check"), Act(t.acts[1], "#", "x"))
    rows = tuple(
        customer.CouponRow(
            code, "20,00 zł", t.delivery[3], Chip(t.delivery[2], tone), samples.at("14:03"), samples.at(t.days[0]),
            t.delivery[1], t.trouble if tone is Tone.NEW else "", acts if tone is Tone.NEW else (),
        )
        for code, tone in (("7KQX-B2MR-TD9W", Tone.NEW), ("9WTD-RM2B-XQK7", Tone.DONE))
    )  # fmt: skip
    page = customer.CouponsPage(
        Person(t.customer, t.initials),
        "customer:5",
        Link(t.customer, "#"),
        "120,00 zł",
        rows,
        a_form(t, tight=True),
        samples.NO_SHOP,
    )
    return "desk/coupons.html", {"frame": samples.a_frame(t, language, 1), "page": page}


def plans_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    rows = tuple(
        care.PlanRow(
            "#",
            Person(name, name[:2].upper()),
            t.delivery[3],
            Link("#1001", "#"),
            Chip(t.delivery[2], Tone.LATE),
            t.acts[n],
            Clock(t.acts[n], samples.at("14:03"), Tone.SOON),
            t.agent,
            samples.at(t.days[0]),
            held_out=n == 1,
        )
        for n, (_, name, _, _) in enumerate(t.rows)
    )
    parts = (Link(t.form[0], ""), Link(t.form[1], "#"))
    storms = (care.StormLine(f"24 · {t.delivery[3]} (DPD, Warszawa 3)", "#", samples.at("12:10")),)
    page = care.PlansPage(parts, storms, rows, samples.NO_SHOP, a_table(t, 6), "#", Pager(older="#"))
    return "desk/plans.html", {"frame": samples.a_frame(t, language, 3), "page": page}


def plan_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    steps = (
        care.StepLine(t.acts[0], Tone.DONE, "check", t.agent),
        care.StepLine(
            t.acts[1],
            Tone.SOON,
            "clock",
            t.trouble,
            Link(t.acts[0], "#"),
            t.trouble,
            done=Act(t.acts[2], "#", "check"),
            skip=Act(t.acts[3], "#"),
        ),
        care.StepLine(t.acts[4], Tone.PLAIN, "x", t.agent),
    )
    page = care.PlanPage(
        person=Person(t.customer, t.initials),
        href="#",
        title=t.delivery[3],
        chips=(Chip(t.delivery[2], Tone.LATE),),
        clock=Clock(t.acts[1], samples.at("14:03"), Tone.LATE),
        incidents=(care.IncidentLine(t.delivery[3], Chip(t.delivery[2]), samples.at("12:10"), "#", "2 ×"),),
        steps=steps,
        facts=((t.form[3], t.agent), (t.form[4], "14:03")),
        links=(Link("#1001", "#"),),
        preview=t.trouble,
        live="plan:1",
        refresh="#",
        acts=(Act(t.acts[5], "#", "user-check"),),
    )
    return "desk/plan.html", {"frame": samples.a_frame(t, language, 3), "page": page}


def effect_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    share = care.Share(
        t.form[0], t.trouble, "12 % (24 / 200)", "21 % (9 / 43)", "−9", "95 %: −23 – +1,5", t.form[1]
    )
    page = care.EffectPage((Link(t.form[0], "#"), Link(t.form[1], "")), (share, share), None)
    return "desk/effect.html", {"frame": samples.a_frame(t, language, 3), "page": page}


def a_table(t: Texts, columns: int) -> Table:
    """Heads of which the first is sorted by, two filters of which one narrows, and a way to the file."""
    labels = t.form[:columns]
    heads = tuple(
        Column(label, "" if n == 1 else "#", "" if n else "descending", number=n == 3)
        for n, label in enumerate(labels)
    )
    filters = tuple(
        Filter(f"f{n}", t.form[n], (Choice("", t.form[2], not n), Choice("x", t.customer, bool(n))))
        for n in range(2)
    )
    return Table(heads, filters, (("sort", "-x"),), "#", "#")


def customers_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    found = tuple(
        customer.CustomerRow(
            "#",
            Person(name, name[:2].upper()),
            "+48 601 234 567",
            t.language,
            n * 7,
            samples.at(t.days[3]),
            samples.at(t.days[n % 4]),
        )
        for n, (_, name, _, _) in enumerate(t.rows)
    )
    page = customer.CustomersPage("", found, samples.NO_SHOP, a_table(t, 6), Pager("#", "#"))
    return "desk/customers.html", {"frame": samples.a_frame(t, language, 1), "page": page}


def _settings(t: Texts, current: int) -> settings.SettingsFrame:
    parts = ((t.form[0], "building-store"), (t.form[13], "mailbox"), (t.acts[1], "users"))
    tabs = tuple(settings.Tab(text, "#", icon, n == current) for n, (text, icon) in enumerate(parts))
    shops = (Choice("#", "Glina Ceramika Artystyczna", chosen=True),)
    return settings.SettingsFrame(parts[current][0], t.form[9], tabs, shops)


def form_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    page = settings.FormPage(_settings(t, 0), replace(a_form(t), error=t.trouble), (Act(t.acts[8], "#"),))
    return "desk/settings_form.html", {"frame": samples.a_frame(t, language, 3), "page": page}


def mailboxes_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    found = (
        settings.MailboxRow(
            "pomoc@glina.example",
            "#",
            "IMAP, imap.glina.example",
            "SMTP",
            Chip("OK", Tone.DONE),
            samples.at("14:03"),
        ),
        settings.MailboxRow(
            "reklamacje@glina.example", "#", "IMAP", "SMTP", Chip(t.delivery[3], Tone.LATE), None, t.trouble
        ),
    )
    page = settings.MailboxesPage(
        _settings(t, 1), found, a_table(t, 5), Link(t.acts[14], "#"), samples.NO_SHOP
    )
    return "desk/mailboxes.html", {"frame": samples.a_frame(t, language, 3), "page": page}


def staff_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    found = tuple(
        settings.StaffRow(
            Person(name, "AZ", ours=True),
            "anna@glina.example",
            "#",
            t.form[19],
            Chip("OK", Tone.DONE),
            samples.at(t.days[1]),
        )
        for name in (t.agent, t.colleague)
    )
    page = settings.StaffPage(_settings(t, 2), found, a_table(t, 4), a_form(t, tight=True))
    return "desk/staff.html", {"frame": samples.a_frame(t, language, 3), "page": page}


def failures_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    trace = "Traceback (most recent call last):\n  ...\npsycopg.errors.LockNotAvailable: canceling statement"
    found = tuple(
        settings.FailureRow(
            n,
            t.story[n],
            Link(t.customer, "#"),
            "orders.join_conversation",
            t.trouble,
            trace,
            samples.at(t.days[0]),
            5,
            Act(t.acts[8], "#", "refresh"),
        )
        for n in range(3)
    )
    page = settings.FailuresPage(
        _parts(t), found, samples.NO_SHOP, a_table(t, 5), Act(t.acts[12], "#", "refresh"), Pager(older="#")
    )
    return "desk/failures.html", {"frame": samples.a_frame(t, language, 2), "page": page}


def no_failures_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    page = settings.FailuresPage(_parts(t), (), Empty(t.status[2], t.form[9], "circle-check"), a_table(t, 5))
    return "desk/failures.html", {"frame": samples.a_frame(t, language, 2), "page": page}


def unread_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    found = tuple(
        settings.UnreadRow(
            n,
            f"{t.form[13]}: zamowienia-i-reklamacje.{n}@glina-ceramika-artystyczna.example",
            "Glina Ceramika Artystyczna" if n else "",
            t.trouble,
            t.form[9],
            "unreadable-RecursionError" if n else "",
            samples.at(t.days[0]),
            n + 1,
            "#",
            Act(t.acts[8], "#", "refresh"),
        )
        for n in range(3)
    )
    page = settings.UnreadPage(
        _parts(t), found, samples.NO_SHOP, a_table(t, 5), Act(t.acts[12], "#", "refresh"), Pager(older="#")
    )
    return "desk/unread.html", {"frame": samples.a_frame(t, language, 2), "page": page}


def _parts(t: Texts) -> tuple[Choice, ...]:
    return (Choice("#", t.status[2], hint="3"), Choice("#", t.status[1], chosen=True, hint="12"))


def login_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    fields = (
        Field("login", t.form[13], FieldKind.EMAIL, required=True, autocomplete="username", autofocus=True),
        Field("password", t.form[14], FieldKind.PASSWORD, required=True, autocomplete="current-password"),
    )
    page = frame.LoginPage(t.form[15], "#", fields, t.form[15], t.form[18], others=(Link(t.form[17], "#"),))
    nobody = replace(samples.a_frame(t, language), staff=None, nav=())
    return "desk/login.html", {"frame": nobody, "page": page}


def error_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    page = frame.ErrorPage(404, t.delivery[3], t.trouble, Link(t.places[0], "/"), "7f3a-22")
    return "desk/error.html", {
        "frame": replace(samples.a_frame(t, language), staff=None, nav=()),
        "page": page,
    }


def palette_piece(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    found = tuple(frame.PaletteItem(Link(name, "#"), "user", words) for _, name, words, _ in t.rows[:6])
    return "desk/_palette.html", {"palette": frame.Palette("a", found)}


def nothing_piece(language: str) -> tuple[str, dict[str, Any]]:
    return "desk/_palette.html", {"palette": frame.Palette("zzz", ())}


def talk_piece(language: str) -> tuple[str, dict[str, Any]]:
    return "desk/_conversation.html", {"conversation": samples.conversation(TEXTS[language], language)}


def items_piece(language: str) -> tuple[str, dict[str, Any]]:
    return "desk/_items.html", {"conversation": samples.conversation(TEXTS[language], language)}


def pane_piece(language: str) -> tuple[str, dict[str, Any]]:
    return "desk/_list.html", {"list": samples.a_list(TEXTS[language])}


def beside_piece(language: str) -> tuple[str, dict[str, Any]]:
    return "desk/_beside.html", {"beside": samples.beside(TEXTS[language])}


def candidates_piece(language: str) -> tuple[str, dict[str, Any]]:
    return "desk/_candidates.html", {"candidates": ()}


def webhook_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    replay = Act(t.acts[8], "#", "refresh")
    found = (
        webhooks.SentRow("ParcelLate", "#", samples.at("14:03"), Chip("OK", Tone.DONE), "204", 1),
        webhooks.SentRow(
            "ConversationMarkedSpam",
            "#",
            samples.at(t.days[1]),
            Chip(t.delivery[2], Tone.SOON),
            "503",
            4,
            samples.at(t.clock[1], relative=True),
            replay,
        ),
        webhooks.SentRow(
            "OrderPaid",
            "#",
            samples.at(t.days[3]),
            Chip(t.delivery[3], Tone.LATE),
            t.trouble,
            10,
            None,
            replay,
        ),
    )
    choices = (Choice("a", "24 h", chosen=True),)
    since = Field("hours", t.form[10], FieldKind.SELECT, choices=choices, required=True)
    page = webhooks.WebhookPage(
        replace(_settings(t, 0), title="erp.glina.example/integrations/customer-care/incoming-webhooks"),
        Link(t.acts[7], "#"),
        Chip(t.delivery[3], Tone.LATE, "alert-circle"),
        "OrderPaid, ParcelLate, ConversationMarkedSpam",
        Link(t.acts[13], "#"),
        tuple(Act(t.acts[n], "#", "refresh") for n in (8, 12, 13, 14)),
        tuple(Choice(f"#{n}", word, n == 0) for n, word in enumerate(t.status)),
        found,
        samples.NO_SHOP,
        trouble=t.trouble,
        notice=t.form[9],
        secret="whsec_" + "QzVhbXBsZSBzZWNyZXQgb2YgdGhpcnR5LXR3byBi=",
        pager=Pager(older="#"),
        replay=Form("#", (Section("", (since,)),), t.acts[12]),
    )
    return "desk/webhook.html", {"frame": samples.a_frame(t, language, 3), "page": page}


def webhook_sent_screen(language: str) -> tuple[str, dict[str, Any]]:
    t = TEXTS[language]
    tried = tuple(
        webhooks.AttemptRow(n, samples.at("14:03"), "812 ms", Chip(said, tone), excerpt)
        for n, said, tone, excerpt in (
            (2, "204", Tone.DONE, ""),
            (1, "503", Tone.LATE, "<html>\n<h1>Service unavailable</h1>" + "=" * 120),
        )
    )
    body = '{\n  "type": "ParcelLate",\n  "data": {"subject": "parcel:9", "message": "' + "9" * 90 + '"}\n}'
    page = webhooks.SentPage(
        replace(_settings(t, 0), title="ParcelLate"),
        Link("erp.glina.example/hooks", "#"),
        Chip(t.delivery[2], Tone.DONE),
        ((t.form[1], "msg_5e1c0a7f21d94b3f8a6b10c2"), (t.form[10], samples.at("14:03").exact)),
        tried,
        body,
        replay=Act(t.acts[8], "#", "refresh"),
    )
    return "desk/webhook_sent.html", {"frame": samples.a_frame(t, language, 3), "page": page}


SCREENS: dict[str, Screen] = {
    "inbox": inbox_screen,
    "list": list_screen,
    "empty": empty_screen,
    "customer": customer_screen,
    "balance": balance_screen,
    "customers": customers_screen,
    "coupons": coupons_screen,
    "plans": plans_screen,
    "plan": plan_screen,
    "effect": effect_screen,
    "settings": form_screen,
    "mailboxes": mailboxes_screen,
    "staff": staff_screen,
    "webhook": webhook_screen,
    "webhook-sent": webhook_sent_screen,
    "failures": failures_screen,
    "no-failures": no_failures_screen,
    "unread": unread_screen,
    "login": login_screen,
    "error": error_screen,
    **order_screens.SCREENS,
    **parcel_screens.SCREENS,
}
PIECES: dict[str, Screen] = {
    "palette": palette_piece,
    "nothing": nothing_piece,
    "talk": talk_piece,
    "items": items_piece,
    "pane": pane_piece,
    "beside": beside_piece,
    "candidates": candidates_piece,
    **parcel_screens.PIECES,
}
