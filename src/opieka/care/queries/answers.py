"""What she is answered by rules, in words: short, for every character of a text costs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opieka.care.policy.dialogue import Thought
from opieka.care.queries.wording import WORDS
from opieka.care.types import Move, Why
from opieka.deliveries.types import Choice, ChoiceKind, Offer, PointCard, ReplyIntent

_DAYS = 3
_WITHOUT_OFFERS = frozenset({Why.BEING_ASKED, Why.CANCELLED, Why.CANCEL_ASKED})
_KINDS: Mapping[ChoiceKind, str | Promise] = {
    ChoiceKind.NEIGHBOUR: gettext_lazy("a neighbour"),
    ChoiceKind.SAFE_PLACE: gettext_lazy("a safe place"),
    ChoiceKind.PICKUP_POINT: gettext_lazy("a pickup point"),
    ChoiceKind.ADDRESS: gettext_lazy("another address"),
}
_PLACES: Mapping[ChoiceKind, str | Promise] = {
    ChoiceKind.NEIGHBOUR: gettext_lazy("with the neighbour: %(words)s"),
    ChoiceKind.SAFE_PLACE: gettext_lazy("left here: %(words)s"),
    ChoiceKind.HOLD: gettext_lazy("kept until %(day)s"),
}
_REASONS: Mapping[Why, str | Promise] = {
    Why.NOT_OFFERED: gettext_lazy("This is not possible now for order %(order)s."),
    Why.WHICH_DAY: gettext_lazy("Which day suits you for order %(order)s?"),
    Why.ADDRESS: gettext_lazy(
        "To send order %(order)s elsewhere, write street with number, postcode and town in one message."
    ),
    Why.POINT: gettext_lazy("We know no pickup point there. Write a town or a postcode."),
    Why.BEING_ASKED: gettext_lazy(
        "Order %(order)s: the carrier is being asked about your last wish. You will get its answer first."
    ),
    Why.SENT: gettext_lazy(
        "Order %(order)s: the carrier has been asked already. What would suit you instead?"
    ),
    Why.GONE: gettext_lazy("Order %(order)s has left us and cannot be cancelled any more."),
    Why.CANCELLED: gettext_lazy("Order %(order)s is cancelled already."),
    Why.CANCEL_ASKED: gettext_lazy(
        "You have asked to cancel order %(order)s already. You will get the answer."
    ),
    Why.NOTHING_OPEN: gettext_lazy("What would suit you better for order %(order)s?"),
}
_EXAMPLES: Mapping[ReplyIntent, str | Promise] = {
    ReplyIntent.NEIGHBOUR: gettext_lazy(
        "Which neighbour? Write it in one sentence: leave it with my neighbour Nowak, flat 4."
    ),
    ReplyIntent.SAFE_PLACE: gettext_lazy(
        "Where exactly? Write it in one sentence: leave it in the garden behind the house."
    ),
}


@dataclass(frozen=True)
class Facts:
    """What an answer is made of. `link` is the order's own page; `parcels` are (order number, carrier)."""

    language: str
    order: str = ""
    link: str = ""
    intent: ReplyIntent = ReplyIntent.UNCLEAR
    offers: Sequence[Offer] = ()
    points: Mapping[int, PointCard] = field(default_factory=dict)
    parcels: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Answer:
    """A message, ready to be sent."""

    subject: str
    text: str


def answer(thought: Thought, facts: Facts) -> Answer | None:
    """What she is told about her text; None where nothing is said."""
    with translation.override(facts.language):
        make = _ANSWERS.get(thought.move)
        return Answer(_subject(facts), make(thought, facts)) if make else None


def outcome(choice: Choice, facts: Facts, *, confirmed: bool) -> Answer:
    """What came of a decision of hers."""
    with translation.override(facts.language):
        told = {"order": facts.order, "what": words(choice, facts)}
        if confirmed:
            return Answer(_subject(facts), _("Order %(order)s: arranged: %(what)s.") % told)
        text = _("Order %(order)s: the carrier could not do this: %(what)s.") % told
        return Answer(_subject(facts), _lines(text, possible(facts), _choose(facts)))


def words(choice: Choice, facts: Facts) -> str:
    """A decision in the active language: “Friday 27 November, 17:00 to 20:00”."""
    if choice.kind is ChoiceKind.PICKUP_POINT:
        point = facts.points.get(choice.point_id or 0)
        return _("to collect at: %(point)s") % {"point": _point(point) if point else ""}
    if choice.address is not None:
        to = choice.address
        return _("to this address: %(address)s") % {"address": f"{to.street}, {to.postcode} {to.city}"}
    template = _PLACES.get(choice.kind)
    return str(template) % {"words": choice.words, "day": _when(choice)} if template else _when(choice)


def possible(facts: Facts) -> str:
    """What can be decided now, in one sentence; "" for nothing."""
    found = [str(_KINDS[offer.kind]) for offer in facts.offers if offer.kind in _KINDS]
    days = next((offer.days for offer in facts.offers if offer.kind is ChoiceKind.SLOT), ())
    if days:
        found.insert(0, ", ".join(day_in_words(day) for day in days[:_DAYS]))
    return _("Possible: %(what)s.") % {"what": "; ".join(found)} if found else ""


def day_in_words(day: date) -> str:
    """“Friday 27 November”."""
    language = (translation.get_language() or "en").split("-")[0]
    return str(format_date(day, WORDS, locale=language))


def _acted(thought: Thought, facts: Facts) -> str:
    if thought.cancel:
        told = _("Order %(order)s: we are asking whether it can still be stopped. You hear within minutes.")
        return told % {"order": facts.order}
    text = _("Order %(order)s: %(what)s. We arrange it and tell you. Reply NO to take it back.")
    return text % {"order": facts.order, "what": _all(thought.choices, facts)}


def _asked(thought: Thought, facts: Facts) -> str:
    if thought.cancel:
        return _("Cancel the whole order %(order)s? Reply YES or NO.") % {"order": facts.order}
    told = {"order": facts.order, "what": _all(thought.choices, facts)}
    if not thought.instead:
        return _("Order %(order)s: %(what)s? Reply YES or NO.") % told
    text = _("Order %(order)s: not quite so, but this is possible: %(what)s. Reply YES for it.") % told
    return _lines(text, _choose(facts))


def _which(thought: Thought, facts: Facts) -> str:
    if thought.points:
        options = [_point(point) for point in thought.points]
        return _lines(_("Which pickup point? Reply with its number."), *_numbered(options))
    options = [", ".join(filter(None, parcel)) for parcel in facts.parcels]
    return _lines(_("Which order do you mean? Reply with its number."), *_numbered(options))


def _offered(thought: Thought, facts: Facts) -> str:
    reason = _EXAMPLES.get(facts.intent) if thought.why is Why.WORDS else _REASONS.get(thought.why)
    text = str(reason or _REASONS[Why.NOT_OFFERED]) % {"order": facts.order}
    if thought.why in _WITHOUT_OFFERS:
        return text
    return _lines(text, "" if thought.why is Why.WORDS else possible(facts), _choose(facts))


def _taken_back(_thought: Thought, facts: Facts) -> str:
    return _("Order %(order)s: taken back. Everything stays as it was.") % {"order": facts.order}


def _kept(_thought: Thought, facts: Facts) -> str:
    if not facts.order:
        return _("Nothing has been changed.")
    return _("Order %(order)s: nothing has been changed.") % {"order": facts.order}


def _passed(_thought: Thought, _facts: Facts) -> str:
    return _("Thank you. A person will read your message and answer you.")


_ANSWERS: Mapping[Move, Callable[[Thought, Facts], str]] = {
    Move.ACTED: _acted,
    Move.ASKED: _asked,
    Move.WHICH: _which,
    Move.OFFERED: _offered,
    Move.TAKEN_BACK: _taken_back,
    Move.KEPT: _kept,
    Move.PASSED: _passed,
}


def _all(choices: Collection[Choice], facts: Facts) -> str:
    return "; ".join(words(choice, facts) for choice in choices)


def _when(choice: Choice) -> str:
    day = day_in_words(choice.day) if choice.day else ""
    if choice.hours is None:
        return day
    first, last = choice.hours
    hours = _("between %(begins)s and %(ends)s") % {"begins": f"{first:%H:%M}", "ends": f"{last:%H:%M}"}
    return ", ".join(filter(None, (day, hours)))


def _choose(facts: Facts) -> str:
    return _("Choose here: %(link)s") % {"link": facts.link} if facts.link else ""


def _subject(facts: Facts) -> str:
    return _("Your order %(order)s") % {"order": facts.order} if facts.order else _("Your message")


def _point(point: PointCard) -> str:
    told = dict.fromkeys(filter(None, (point.name or point.code, point.street, point.city)))
    return ", ".join(told)


def _numbered(options: Sequence[str]) -> list[str]:
    return [f"{number}: {option}" for number, option in enumerate(options, start=1)]


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
