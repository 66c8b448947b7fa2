"""Plans for customers who were let down, storms, and what the effort is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from opieka.care.queries import PlanLetter
from opieka.care.types import (
    WRITTEN,
    Arm,
    Difference,
    Effect,
    IncidentCard,
    PlanCard,
    Severity,
    StepCard,
    StepKind,
    StepState,
    StormCard,
)
from opieka.customers.types import CustomerCard
from opieka.deliveries import queries as deliveries
from opieka.desk.pages.care import (
    EffectPage,
    IncidentLine,
    PlanPage,
    PlanRow,
    PlansPage,
    Share,
    StepLine,
    StormLine,
)
from opieka.desk.pages.parts import Act, Chip, Empty, Link, Person, Tone
from opieka.desk.presenters import care as words
from opieka.desk.presenters import people, rows
from opieka.desk.presenters.reader import Reader
from opieka.desk.presenters.tables import Asked, Heading, narrowing, table
from opieka.desk.seat import Desk

HEADINGS = (
    Heading(pgettext_lazy("person", "Name")),
    Heading(gettext_lazy("What is wrong")),
    Heading(gettext_lazy("How bad"), "severity", number=True),
    Heading(gettext_lazy("To be done")),
    Heading(gettext_lazy("Sees to it")),
    Heading(gettext_lazy("Since"), "opened_at", date=True),
)
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Around:
    """What plans are about, by id: their customers, the numbers of their orders, the names of staff; and of one plan,
    what its playbooks give (minor units)."""

    people: Mapping[int, CustomerCard] = field(default_factory=dict)
    numbers: Mapping[int, str] = field(default_factory=dict)
    staff: Mapping[int, str] = field(default_factory=dict)
    gift: int = 0
    currency: str = ""

    def person(self, plan: PlanCard) -> Person:
        card = self.people.get(plan.customer_id or 0)
        return people.customer(card) if card else Person(_("Unknown"), "?")

    def order(self, plan: PlanCard) -> Link | None:
        number = self.numbers.get(plan.order_id or 0, "").lstrip("#")
        return Link(f"#{number}", reverse("desk:order", args=[plan.order_id])) if number else None


def parts(current: str) -> tuple[Link, ...]:
    """The pages of care; the one on screen has no address."""
    pages = {"desk:plans": _("Plans"), "desk:effect": _("What it is worth")}
    return tuple(Link(text, "" if name == current else reverse(name)) for name, text in pages.items())


def listed(
    found: Sequence[PlanCard],
    storms: Sequence[StormCard],
    around: Around,
    desk: Desk,
    asked: Asked,
    *,
    last_id: int | None,
) -> PlansPage:
    """The plans an address asks for, and the storms that go on."""
    states = [(CLOSED, _("Finished"))]
    kinds = [(kind.value, word) for kind, word in words.INCIDENTS.items()]
    owners = [("mine", _("Mine"))]
    filters = (
        narrowing(asked, "state", _("State"), states),
        narrowing(asked, "kind", _("What is wrong"), kinds),
        narrowing(asked, "owner", _("Sees to it"), owners),
    )
    return PlansPage(
        parts=parts("desk:plans"),
        storms=tuple(_storm(one, desk.reader(one.shop_id), asked) for one in storms),
        rows=tuple(_row(plan, around, desk.reader(plan.shop_id)) for plan in found),
        empty=Empty(
            _("Nobody needs care here"),
            _(
                "When a parcel is late, lost or damaged, or nobody answers, a plan for that customer appears here."
            ),
            "circle-check",
        ),
        table=table(asked, HEADINGS, filters=filters),
        refresh=asked.address(),
        pager=asked.pager(last_id),
    )


def page(plan: PlanCard, around: Around, letter: PlanLetter | None, desk: Desk, *, may: bool) -> PlanPage:
    """One plan. `may`: she may do its steps."""
    reader, open_ = desk.reader(plan.shop_id), plan.closed_at is None
    own = reverse("desk:plan", args=[plan.id])
    links = [around.order(plan)]
    if plan.customer_id:
        links.append(Link(_("Customer"), reverse("desk:customer", args=[plan.customer_id])))
    if plan.conversation_id:
        links.append(Link(_("Conversation"), reverse("desk:conversation", args=[plan.conversation_id])))
    return PlanPage(
        person=around.person(plan),
        href=own,
        title=str(words.INCIDENTS[plan.kind]),
        chips=_chips(plan),
        clock=rows.clock(plan.clock, reader),
        incidents=tuple(_incident(one, reader) for one in plan.incidents),
        steps=tuple(_step(one, plan, around, reader, may=may and open_) for one in plan.steps),
        facts=_facts(plan, around, reader),
        links=tuple(link for link in links if link),
        preview=f"{letter.subject}\n\n{letter.text}" if letter else "",
        live=f"plan:{plan.id}",
        refresh=own,
        acts=_acts(plan, desk) if may and open_ else (),
    )


def effect(found: Effect, reader: Reader) -> EffectPage:
    """What contacting customers changes, with intervals; nothing before somebody was drawn in both shares."""
    shares = (
        _share(
            _("Wrote to the shop within 14 days"),
            _("Fewer is better: who is told first need not ask."),
            found.wrote,
            reader,
        ),
        _share(
            _("Ordered again within 90 days"),
            _("More is better: she stays a customer."),
            found.ordered,
            reader,
        ),
    )
    drawn = found.wrote.contact_n and found.wrote.hold_out_n
    empty = Empty(
        _("Nothing can be said yet"),
        _(
            "In the settings a share of customers can be drawn who are not contacted when a parcel is late."
            " Two weeks later the difference is shown here."
        ),
        "history",
    )
    return EffectPage(parts("desk:effect"), shares if drawn else (), None if drawn else empty)


def _row(plan: PlanCard, around: Around, reader: Reader) -> PlanRow:
    following = plan.next
    wrong = dict.fromkeys(str(words.INCIDENTS[one.kind]) for one in plan.incidents if not one.closed_at)
    return PlanRow(
        href=reverse("desk:plan", args=[plan.id]),
        person=around.person(plan),
        what=", ".join(wrong) or str(words.INCIDENTS[plan.kind]),
        order=around.order(plan),
        severity=_severity(plan.severity),
        next=str(words.STEPS[following.kind]) if following else "",
        clock=rows.clock(plan.clock, reader),
        owner=around.staff.get(plan.owner_id or 0, ""),
        when=reader.when(plan.opened_at),
        held_out=plan.arm is Arm.HOLD_OUT,
    )


def _storm(one: StormCard, reader: Reader, asked: Asked) -> StormLine:
    place = ", ".join(filter(None, (deliveries.carrier_title(one.carrier), one.depot)))
    text = ngettext(
        "%(count)s parcel at once: %(what)s (%(place)s)",
        "%(count)s parcels at once: %(what)s (%(place)s)",
        one.parcels,
    )
    told = {"count": reader.number(one.parcels), "what": words.INCIDENTS[one.kind], "place": place}
    return StormLine(text % told, asked.address(storm=str(one.id)), reader.when(one.opened_at))


def _severity(severity: Severity) -> Chip:
    word, tone = words.SEVERITIES[severity]
    return Chip(str(word), tone)


def _chips(plan: PlanCard) -> tuple[Chip, ...]:
    chips = [_severity(plan.severity)]
    if plan.closed_at:
        chips.append(Chip(_("Finished"), Tone.DONE))
    if plan.arm is Arm.HOLD_OUT:
        chips.append(Chip(_("Drawn not to be contacted")))
    return tuple(chips)


def _incident(one: IncidentCard, reader: Reader) -> IncidentLine:
    over = Chip(_("Over"), Tone.DONE) if one.closed_at else _severity(one.severity)
    times = ngettext("reported %(count)d time", "reported %(count)d times", one.times) % {"count": one.times}
    return IncidentLine(
        str(words.INCIDENTS[one.kind]),
        over,
        reader.when(one.opened_at),
        reverse("desk:parcel", args=[one.parcel_id]) if one.parcel_id else "",
        times if one.times > 1 else "",
    )


def _step(one: StepCard, plan: PlanCard, around: Around, reader: Reader, *, may: bool) -> StepLine:
    waits = one.state is StepState.PLANNED
    looks = {
        StepState.PLANNED: ("clock", Tone.SOON),
        StepState.DONE: ("check", Tone.DONE),
        StepState.SKIPPED: ("x", Tone.PLAIN),
    }
    icon, tone = looks[one.state]
    gives = waits and one.kind is StepKind.GOODWILL and around.gift and one.coupon_id is None
    label = _("Send") if one.kind in WRITTEN else _("Give") if gives else _("Done")
    amount = reader.money(around.gift, around.currency) if gives else ""
    return StepLine(
        " · ".join(filter(None, (str(words.STEPS[one.kind]), amount))),
        tone,
        icon,
        said=_hint(one, gives=bool(gives)) if waits else _said(one, around, reader),
        link=_coupon(one, plan),
        trouble=str(words.TROUBLES.get(one.trouble, "")) if waits else "",
        done=Act(label, reverse("desk:do_step", args=[plan.id, one.id]), "check") if may and waits else None,
        skip=Act(_("Skip"), reverse("desk:skip_step", args=[plan.id, one.id])) if may and waits else None,
    )


def _hint(one: StepCard, *, gives: bool) -> str:
    """What somebody does for a step that waits."""
    if gives:
        return _("Its code is sent as soon as it works in the shop.")
    return "" if one.coupon_id else str(words.HINTS.get(one.kind, ""))


def _coupon(one: StepCard, plan: PlanCard) -> Link | None:
    if one.coupon_id is None or plan.customer_id is None:
        return None
    return Link(_("Coupon"), reverse("desk:coupons", args=[plan.customer_id]))


def _said(one: StepCard, around: Around, reader: Reader) -> str:
    if one.done_at is None:
        return ""
    who = _("by itself") if one.by_itself else around.staff.get(one.staff_id or 0, "")
    if one.state is StepState.SKIPPED:
        who = who or _("not needed any more")
    return " · ".join(filter(None, (who, reader.day_and_time(one.done_at))))


def _facts(plan: PlanCard, around: Around, reader: Reader) -> tuple[tuple[str, str], ...]:
    found = (
        (_("Since"), reader.day_and_time(plan.opened_at)),
        (_("Sees to it"), around.staff.get(plan.owner_id or 0, "") or _("nobody yet")),
        (_("Finished"), reader.day_and_time(plan.closed_at) if plan.closed_at else ""),
        (_("Wrote afterwards"), reader.day_and_time(plan.wrote_at) if plan.wrote_at else _("no")),
        (_("Ordered again"), reader.day_and_time(plan.ordered_at) if plan.ordered_at else _("not yet")),
    )
    return tuple((name, value) for name, value in found if value)


def _acts(plan: PlanCard, desk: Desk) -> tuple[Act, ...]:
    mine = plan.owner_id == desk.staff_id
    take = Act(_("I see to it"), reverse("desk:take_plan", args=[plan.id]), "user-check")
    leave = Act(_("Leave it to others"), reverse("desk:take_plan", args=[plan.id]), "user", (("leave", "1"),))
    close = Act(_("All is well again"), reverse("desk:close_plan", args=[plan.id]), "circle-check")
    return (leave if mine else take, close)


def _share(title: str, text: str, found: Difference, reader: Reader) -> Share:
    def part(k: int, n: int) -> str:
        told = {"share": f"{reader.number(round(100 * k / n, 1))} %" if n else "–", "k": k, "n": n}
        return _("%(share)s (%(k)s of %(n)s)") % told

    return Share(
        title,
        text,
        part(found.contact_k, found.contact_n),
        part(found.hold_out_k, found.hold_out_n),
        _points(found.difference, reader),
        _("95%% interval: %(low)s to %(high)s")
        % {"low": _points(found.low, reader), "high": _points(found.high, reader)},
        _verdict(found),
    )


def _points(value: float | None, reader: Reader) -> str:
    """A difference of shares in percentage points, with its sign."""
    if value is None:
        return "–"
    shown = round(100 * value, 1)
    return f"{'−' if shown < 0 else '+'}{reader.number(abs(shown))}"


def _verdict(found: Difference) -> str:
    if found.low is None or found.high is None or found.low <= 0 <= found.high:
        return _("No difference can be told from chance yet.")
    return _("The difference is more than chance.")
