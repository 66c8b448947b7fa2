"""Made-up people, conversations and orders for the gallery, long where names are long."""

from __future__ import annotations

from django.templatetags.static import static
from markupsafe import Markup

from opieka.desk.pages import frame, inbox
from opieka.desk.pages.parts import (
    Act,
    Balance,
    Chip,
    Choice,
    Clock,
    Empty,
    Link,
    Person,
    Strip,
    Tone,
    When,
)
from tests.desk.texts import Texts

LANGUAGES = (("pl", "Polski"), ("ru", "Русский"), ("el", "Ελληνικά"), ("en", "English"))
ICONS = ("inbox", "users", "alert-triangle", "settings")
KEYS = ("g i", "g c", "g f", "g s")
NO_SHOP = Empty("Nothing here", "Conversations appear here as soon as somebody writes.", "inbox")


def at(text: str, *, relative: bool = False) -> When:
    return When("2026-11-22T14:03:00+01:00", text, "22.11.2026, 14:03:11", relative)


def a_frame(t: Texts, language: str, current: int = 0, *, theme: str = "") -> frame.Frame:
    places = zip(t.places, ICONS, KEYS, (12, 0, 2, 0), strict=True)
    return frame.Frame(
        language=language,
        direction="ltr",
        theme=theme,
        staff=Person(t.agent, "AZ", ours=True),
        nav=tuple(
            frame.NavItem(text, "#", icon, keys, n == current, count, icon == "alert-triangle")
            for n, (text, icon, keys, count) in enumerate(places)
        ),
        live="",
        palette="/palette/",
        profile="#",
        logout="#",
        languages=tuple(Choice(code, name, code == language) for code, name in LANGUAGES),
        set_language="#",
        shortcuts=tuple(
            frame.Shortcut(tuple(k.split()), t.views[n % 6]) for n, k in enumerate((*KEYS, "j", "?"))
        ),
    )


def rows(t: Texts) -> tuple[inbox.Row, ...]:
    clocks = {
        0: Clock(t.clock[0], at(t.clock[2]), Tone.LATE),
        1: Clock(t.clock[0], at(t.clock[1]), Tone.SOON),
        8: Clock(t.clock[0], at(t.clock[3]), Tone.PLAIN),
    }
    times = ("14:03", "13:41", "13:10", "12:58", "11:20", "10:02", t.days[1], t.days[1], *(t.days[3],) * 4)
    return tuple(
        inbox.Row(
            id=17 + n,
            href=f"/talk?row={17 + n}",
            channel=channel,
            channel_label=channel,
            name=name,
            when=at(times[n]),
            words=words,
            preview=preview,
            unread=n in {1, 3, 8},
            current=n == 0,
            clock=clocks.get(n),
            assignee=Person(t.agent, "AZ", ours=True) if n in {0, 2, 5} else None,
            failed=n == 5,
        )
        for n, (channel, name, words, preview) in enumerate(t.rows)
    )


def a_list(t: Texts, *, full: bool = True) -> inbox.RowList:
    counts = (12, 4, 31, 9, None, None)
    tabs = tuple(
        inbox.ViewTab(f"v{n}", label, "#", counts[n], current=n == 0) for n, label in enumerate(t.views)
    )
    shops = (Choice("#", "Glina Ceramika Artystyczna", chosen=True), Choice("#", "Pilos"))
    empty = Empty(t.list_title, t.form[9], "inbox", Link(t.places[3], "#"))
    return inbox.RowList(t.list_title, "/pane", tabs, rows(t) if full else (), empty, shops=shops, older="#")


def items(t: Texts) -> tuple[inbox.Item, ...]:
    she, we = Person(t.customer, t.initials), Person(t.agent, "AZ", ours=True)
    files = (
        inbox.Attachment("potwierdzenie-nadania-6200113455129.pdf", "#", "184 kB", "file-type-pdf"),
        inbox.Attachment("IMG_2214.jpg", "#", "2,4 MB", "photo", static("desk/mark.svg")),
    )
    return (
        inbox.DayBreak(at(t.days[0])),
        inbox.SystemLine("truck-delivery", t.facts[2], at("09:12"), href="#"),
        inbox.Message(
            1,
            she,
            at("14:03"),
            (inbox.Words(Markup(t.first)), inbox.Words(Markup(t.first_folded), folded=True)),
            "email",
            "E-mail",
            switch=Act(t.acts[9], "#", "mail"),
            attachments=files,
            remote_images=Act(t.acts[9], "#"),
            route="malgorzata@example.com\n-> pomoc@glina.example",
            source="#",
        ),
        inbox.SystemLine("user-check", t.facts[1], at("14:05")),
        inbox.Note(2, Person(t.colleague, "KW", ours=True), at("14:20"), Markup(t.note)),
        inbox.DayBreak(at(t.days[2])),
        inbox.SystemLine("clock", t.facts[0], at("08:40"), tone=Tone.LATE),
        inbox.Message(
            3,
            we,
            at("09:05"),
            (inbox.Words(Markup(t.answer)),),
            "email",
            "E-mail",
            delivery=inbox.Delivery(
                "failed", t.delivery[3], retry=Act(t.acts[8], "#", "refresh"), reason=t.delivery[4]
            ),
        ),
        inbox.Message(
            4,
            we,
            at("09:07"),
            (inbox.Words(Markup(t.answer)),),
            "email",
            "E-mail",
            delivery=inbox.Delivery("delivered", t.delivery[2]),
        ),
        inbox.Message(5, she, at("09:31"), (inbox.Words(Markup(t.second)),), "whatsapp", "WhatsApp"),
        inbox.Message(
            6,
            we,
            at("09:32"),
            (inbox.Words(Markup("<p>:)</p>")),),
            "whatsapp",
            "WhatsApp",
            delivery=inbox.Delivery(
                "sending", t.delivery[0], until="2036-01-01T00:00:00Z", undo=Act(t.acts[7], "#")
            ),
        ),
    )


def orders(t: Texts) -> tuple[inbox.OrderCard, ...]:
    return (
        inbox.OrderCard(
            "#10482",
            "#",
            "349,00 zł",
            at(t.days[0]),
            t.products[0],
            Strip(3, t.strips[0], Tone.LATE),
            links=(Link("6200 1134 5512 9", "#"),),
        ),
        inbox.OrderCard(
            "#10391", "#", "1 078,50 zł", at("3.11"), t.products[1], Strip(5, t.strips[1], Tone.DONE)
        ),
        inbox.OrderCard("#10490", "#", "50,00 zł", at(t.days[1]), t.products[2], Strip(2, t.strips[2])),
    )


def points(t: Texts) -> tuple[inbox.ContactPointLine, ...]:
    return (
        inbox.ContactPointLine("mail", "E-mail", "m.brzeczyszczykiewicz-konstantynopolitanska@example.com"),
        inbox.ContactPointLine("phone", "Phone", "+48 601 234 567", href="tel:+48601234567"),
        inbox.ContactPointLine("mail", "E-mail", "gosia@example.pl", chip=Chip(t.delivery[3], Tone.LATE)),
    )


def story(t: Texts) -> tuple[inbox.TimelineEntry, ...]:
    icons = ("mail", "clock", "shopping-bag", "star", "receipt-refund", "at")
    tones = (Tone.PLAIN, Tone.LATE, Tone.PLAIN, Tone.DONE, Tone.PLAIN, Tone.PLAIN)
    times = ("14:03", t.days[1], t.days[0], "3.11", "12.09.2025", "1.03.2023")
    return tuple(
        inbox.TimelineEntry(
            icon,
            text,
            at(time),
            href="#" if n == 2 else "",
            detail=t.products[0] if n == 2 else "",
            tone=tone,
        )
        for n, (icon, text, time, tone) in enumerate(zip(icons, t.story, times, tones, strict=True))
    )


def beside(t: Texts) -> inbox.Beside:
    talks = (inbox.ConversationLine(t.rows[2][2], "#", "email", at("3.11"), Chip(t.status[2], Tone.DONE)),)
    twin = Person(t.rows[1][1], "AW")
    same = inbox.Candidate(twin, "#", "+48 601 234 567", Act(t.acts[10], "#"), Act(t.acts[7], "#"))
    cases = (inbox.CaseLine("R-2041", "#", Chip(t.status[1]), Clock("", at(t.clock[3]), Tone.SOON)),)
    return inbox.Beside(
        Person(t.customer, t.initials),
        "#",
        "/beside",
        "customer:5",
        t.since,
        t.language,
        points(t),
        orders(t),
        story(t),
        balance=Balance(t.balance, Tone.SOON, "#"),
        cases=cases,
        conversations=talks,
        suspects=(same,),
        orders_more=Link("14 +", "#"),
    )


def a_composer(t: Texts, language: str) -> inbox.Composer:
    channels = (
        inbox.ChannelChoice(
            "email:1",
            "E-mail",
            "mail",
            "m.brzeczyszczykiewicz-konstantynopolitanska@example.com",
            chosen=True,
        ),
        inbox.ChannelChoice("sms:1", "SMS", "device-mobile-message", "+48 601 234 567", limit=459),
    )
    languages = tuple(Choice(code, name, code == language) for code, name in LANGUAGES)
    return inbox.Composer("/send", "17", channels, languages, 25_000_000, "25 MB", key="k", seen=4)


def conversation(t: Texts, language: str) -> inbox.Conversation:
    people = (Choice("", t.acts[3]), Choice("1", t.agent, chosen=True), Choice("2", t.colleague))
    times = (
        Choice("1", t.acts[4], hint="08:00"),
        Choice("2", t.acts[5], hint="08:00"),
        Choice("3", t.acts[6]),
    )
    return inbox.Conversation(
        id=17,
        title=t.subject,
        channel="email",
        channel_label="E-mail",
        person=Person(t.customer, t.initials),
        status=Chip(t.status[0], Tone.NEW),
        back="#",
        items_url="/items",
        head_url="/head",
        beside_url="/beside",
        items=items(t),
        composer=a_composer(t, language),
        assign=inbox.Picker("#", "assignee", t.acts[1], people),
        snooze=inbox.Picker("#", "until", t.acts[2], times),
        finish=Act(t.acts[0], "#", "check"),
        beside=beside(t),
        more=(Act(t.acts[6], "#"),),
        ways=(Link(t.acts[10], "#"),),
        clock=Clock(t.clock[0], at(t.clock[1]), Tone.SOON),
        earlier="#",
        related=Link(t.facts[1], "#"),
    )
