"""Webhooks in words: how an address is, and what came of what was sent there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from opieka.desk.pages.parts import Act, Chip, Tone
from opieka.desk.pages.settings import ListRow
from opieka.desk.pages.webhooks import AttemptRow, SentRow
from opieka.desk.presenters.reader import Reader
from opieka.kernel import facts
from opieka.shops.types import ShopCard
from opieka.webhooks.types import (
    Attempt,
    AttemptTrouble,
    DeliveryCard,
    DeliveryState,
    DisabledBecause,
    EndpointCard,
)

STATES: Mapping[DeliveryState, tuple[str | Promise, Tone]] = {
    DeliveryState.PENDING: (pgettext_lazy("webhook", "Waiting"), Tone.NEW),
    DeliveryState.SENDING: (pgettext_lazy("webhook", "Being sent"), Tone.NEW),
    DeliveryState.DELIVERED: (pgettext_lazy("webhook", "Delivered"), Tone.DONE),
    DeliveryState.FAILED: (pgettext_lazy("webhook", "Being repeated"), Tone.SOON),
    DeliveryState.GAVE_UP: (pgettext_lazy("webhook", "Given up"), Tone.LATE),
}
_TROUBLES: Mapping[AttemptTrouble, str | Promise] = {
    AttemptTrouble.REDIRECT: gettext_lazy("a redirect, which is not followed"),
    AttemptTrouble.GONE: gettext_lazy("wants no more"),
    AttemptTrouble.TOO_SLOW: gettext_lazy("no answer in time"),
    AttemptTrouble.UNREACHABLE: gettext_lazy("not reached"),
    AttemptTrouble.BLOCKED: gettext_lazy("leads into our own network"),
    AttemptTrouble.TOO_LARGE: gettext_lazy("too long an answer"),
    AttemptTrouble.LOST: gettext_lazy("cut short on our side"),
    AttemptTrouble.UNREADABLE: gettext_lazy("could not be made or signed"),
}
_DOMAINS: Mapping[str, str | Promise] = {
    "clocks": gettext_lazy("Deadlines"),
    "customers": gettext_lazy("Customers"),
    "orders": gettext_lazy("Orders"),
    "channels": gettext_lazy("Sending messages"),
    "conversations": gettext_lazy("Conversations"),
    "deliveries": gettext_lazy("Parcels"),
    "returns": gettext_lazy("Returns and claims"),
    "goodwill": gettext_lazy("Goodwill"),
    "surveys": gettext_lazy("Surveys"),
}


def groups() -> dict[str, tuple[str, list[str]]]:
    """Every kind of fact, by the domain that announces it: that domain's name in words, and its kinds."""
    found: dict[str, list[str]] = {}
    for kind, fact in sorted(facts.registered().items()):
        package, _dot, rest = fact.__module__.partition(".")
        if package == "opieka":
            found.setdefault(rest.partition(".")[0], []).append(kind)
    named = {domain: (str(_DOMAINS.get(domain, domain.title())), kinds) for domain, kinds in found.items()}
    return dict(sorted(named.items(), key=lambda one: one[1][0]))


def host(card: EndpointCard) -> str:
    """An address as a title: without its scheme and its parameters."""
    parts = urlsplit(card.url)
    return f"{parts.netloc}{parts.path.rstrip('/')}"


def wanted(card: EndpointCard) -> str:
    """Which facts it gets."""
    if not card.kinds:
        return _("All facts")
    text = ngettext("%(count)s fact", "%(count)s facts", len(card.kinds)) % {"count": len(card.kinds)}
    return f"{text}: {', '.join(card.kinds[:3])}{'…' if len(card.kinds) > 3 else ''}"


def state(card: EndpointCard) -> Chip:
    """How an address is, in a word."""
    if not card.active:
        asked = card.disabled_because is DisabledBecause.ASKED
        return Chip(_("Disabled"), Tone.PLAIN if asked else Tone.LATE, "" if asked else "alert-circle")
    if card.failing_since or card.lost:
        return Chip(_("Needs attention"), Tone.LATE, "alert-circle")
    return Chip(_("Works"), Tone.DONE)


def trouble(card: EndpointCard, reader: Reader) -> str:
    """What is wrong with an address, and what to do."""
    if card.disabled_because is DisabledBecause.GONE:
        return _("It answered 410: it wants no more. Nothing is sent until it is enabled.")
    if card.disabled_because is DisabledBecause.FAILING:
        return _("Nothing had succeeded for five days. Mend the receiver, then enable it.")
    if card.failing_since:
        since = {"when": reader.day_and_time(card.failing_since)}
        return _("Nothing has succeeded since %(when)s. It is repeated by itself.") % since
    if card.lost:
        count = {"count": reader.number(card.lost)}
        return (
            ngettext("%(count)s delivery was given up.", "%(count)s deliveries were given up.", card.lost)
            % count
        )
    return ""


def notice(card: EndpointCard, reader: Reader) -> str:
    """What is worth knowing of an address that works."""
    if card.disabled_because is DisabledBecause.ASKED:
        return _("Disabled. What happens meanwhile is not kept for it.")
    if card.old_secret_until and card.old_secret_until > reader.now:
        until = {"when": reader.day_and_time(card.old_secret_until)}
        return _("The secret before this one is good until %(when)s: everything is signed by both.") % until
    if card.resting_until and card.resting_until > reader.now:
        return _("It asked to be left alone until %(when)s.") % {
            "when": reader.day_and_time(card.resting_until)
        }
    return ""


def row(card: EndpointCard, shop: ShopCard, reader: Reader) -> ListRow:
    """One address in the list of them."""
    waiting = {"count": reader.number(card.waiting)}
    parts = [card.description, wanted(card), _("%(count)s waiting") % waiting if card.waiting else ""]
    return ListRow(
        title=host(card),
        href=reverse("desk:webhook", args=[shop.slug, card.id]),
        text=" · ".join(filter(None, parts)),
        chip=state(card),
        trouble=trouble(card, reader),
    )


def chip(value: DeliveryState) -> Chip:
    """The state of a delivery."""
    word, tone = STATES[value]
    return Chip(str(word), tone)


def answer(status: int, trouble: AttemptTrouble | None) -> str:
    """What came back, in a few words: "200", "307: a redirect, which is not followed", "not reached"."""
    said = str(_TROUBLES.get(trouble, "")) if trouble else ""
    return ": ".join(filter(None, [str(status) if status else "", said]))


def sent_row(card: DeliveryCard, shop: ShopCard, reader: Reader, *, replayable: bool) -> SentRow:
    """One delivery in the log."""
    where = [shop.slug, card.endpoint_id, card.id]
    due = card.next_try_at if card.state is DeliveryState.FAILED else None
    replay = replay_act(card, shop) if replayable and card.state is not DeliveryState.DELIVERED else None
    return SentRow(
        kind=card.kind,
        href=reverse("desk:webhook_sent", args=where),
        when=reader.when(card.created_at),
        state=chip(card.state),
        answer=answer(card.status, card.trouble),
        attempts=card.attempts,
        then=reader.until(due) if due and due > reader.now else None,
        replay=replay,
    )


def replay_act(card: DeliveryCard, shop: ShopCard) -> Act | None:
    """Sending a delivery again, while it is not on its way."""
    if card.state in {DeliveryState.PENDING, DeliveryState.SENDING}:
        return None
    url = reverse("desk:replay_webhook_sent", args=[shop.slug, card.endpoint_id, card.id])
    return Act(_("Send again"), url, "refresh")


def attempts(log: Sequence[Attempt], reader: Reader) -> tuple[AttemptRow, ...]:
    """The requests of a delivery, the latest first."""
    return tuple(
        AttemptRow(
            number=one.number,
            when=reader.when(one.at),
            took=_took(one, reader),
            answer=Chip(answer(one.status, one.trouble), Tone.LATE if one.trouble else Tone.DONE),
            excerpt=one.excerpt.strip(),
        )
        for one in reversed(log)
    )


def pretty(body: bytes) -> str:
    """JSON for people: the same with line breaks."""
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False) if body else ""


def soon(card: DeliveryCard, reader: Reader) -> bool:
    """Whether something will happen to it while one looks."""
    if card.state in {DeliveryState.PENDING, DeliveryState.SENDING}:
        return True
    return card.next_try_at is not None and card.next_try_at <= reader.now + timedelta(seconds=30)


def _took(one: Attempt, reader: Reader) -> str:
    if one.trouble in {AttemptTrouble.LOST, AttemptTrouble.UNREADABLE}:
        return ""
    if one.milliseconds < 1000:
        return _("%(count)s ms") % {"count": one.milliseconds}
    return _("%(count)s s") % {"count": reader.number(round(one.milliseconds / 1000, 1))}
