"""Customers: the list, the page of one, merging and parting, and the order page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from opieka.conversations import queries as conversations
from opieka.customers import commands
from opieka.customers import queries as customers
from opieka.customers.types import ContactKind, ContactPoint, CustomerCard
from opieka.desk.forms.customer import CustomerForm, PointForm
from opieka.desk.forms.rights import ConsentForm
from opieka.desk.pages.parts import Form
from opieka.desk.pages.rights import Rights
from opieka.desk.presenters import customer as shown
from opieka.desk.presenters import fields, rights
from opieka.desk.presenters.beside import About
from opieka.desk.presenters.story import GROUPS
from opieka.desk.presenters.tables import Asked
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers, tables
from opieka.desk.views.purchases import followed
from opieka.goodwill import queries as goodwill
from opieka.kernel.text import fold
from opieka.orders import queries as orders
from opieka.shops import queries as shops
from opieka.shops.types import Permission
from opieka.timeline import queries as timeline
from opieka.timeline.types import Entry

_PAGE, _ENTRIES, _ORDERS, _TALKS, _FOUND = 50, 60, 12, 20, 12


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """People found by the beginnings of their names, addresses and numbers, or by an order; else the latest."""
    desk = at_desk(request)
    asked = _asked(request, desk)
    rows = _rows(_people(asked, desk.shop_ids), desk.shop_ids)
    more = len(rows) == _PAGE and not asked.query
    page = shown.listed(
        rows,
        desk.reader(),
        asked,
        languages=sorted({code for shop in desk.shops.values() for code in shop.languages}),
        last_id=rows[-1].card.id if more else None,
        export=reverse("desk:export_customers") if desk.may(Permission.EXPORT) else "",
    )
    return answers.page(request, "desk/customers.html", page, place="customers")


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The people an address names, all of them, as a file."""
    desk = at_desk(request)
    asked, shop_ids = _asked(request, desk), desk.ids(Permission.EXPORT)

    def everyone() -> Iterator[shown.Row]:
        place = replace(asked, after=None)
        while rows := _rows(_people(place, shop_ids), shop_ids):
            yield from rows
            if place.query or len(rows) < _PAGE:
                return
            place = replace(place, after=rows[-1].card.id)

    reader = desk.reader()
    rows = (shown.cells(row, reader) for row in everyone())
    return tables.taken_along("customers", shown.CELLS, rows, reader)


@require_GET
def show(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Everything about one person."""
    return on_page(request, customer_id)


@require_GET
def candidates(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Whom she could be merged with."""
    desk = at_desk(request)
    card = customers.card(customer_id, shop_ids=desk.ids(Permission.MERGE))
    query = request.GET.get("q", "").strip()
    found = _found(query, desk.ids(Permission.MERGE), _FOUND) if query else []
    if not answers.wants_piece(request):
        return on_page(request, customer_id, found=found)
    return answers.piece(request, "desk/_candidates.html", candidates=shown.found(card, found))


@require_POST
def merge(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Make two people one; it can be undone."""
    desk = at_desk(request)
    shop = shop_for(desk, customer_id, Permission.MERGE)
    made = commands.merge(customer_id, loser_id=_other(request), shop_id=shop, by=desk.by)
    answers.say(request, _("The two are one person now."), undo=reverse("desk:unmerge", args=[made]))
    return _to(request, customer_id)


@require_POST
def unmerge(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Make them two people again."""
    desk = at_desk(request)
    for shop_id in desk.ids(Permission.MERGE):
        _done, error = answers.attempt(partial(commands.unmerge, merge_id, shop_id=shop_id, by=desk.by))
        if error is None:
            answers.say(request, _("The two are two people again."))
            return _reload(request, answers.came_from(request, reverse("desk:customers")))
    raise Http404


@require_POST
def distinct(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Say that two are not the same person."""
    desk = at_desk(request)
    shop = shop_for(desk, customer_id, Permission.MERGE)
    commands.dismiss_suspicion(customer_id, other_id=_other(request), shop_id=shop, by=desk.by)
    answers.say(request, _("They will not be suggested again."))
    return _reload(request, answers.came_from(request, reverse("desk:customer", args=[customer_id])))


@require_POST
def change(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Correct her name or language."""
    desk = at_desk(request)
    shop = shop_for(desk, customer_id, Permission.ANSWER)
    form = CustomerForm(request.POST, reader=desk.reader().language)
    if not form.is_valid():
        return on_page(request, customer_id, refused=Refused(change=form), status=422)
    data = form.cleaned_data
    commands.change(customer_id, name=data["name"], language=data["language"], shop_id=shop, by=desk.by)
    answers.say(request, _("Saved."))
    return redirect("desk:customer", customer_id)


@require_POST
def add_point(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Write down one more way to reach her."""
    desk = at_desk(request)
    shop = shop_for(desk, customer_id, Permission.ANSWER)
    form = PointForm(request.POST)
    if form.is_valid():
        point = ContactPoint(ContactKind(form.cleaned_data["kind"]), form.cleaned_data["value"])
        adding = partial(commands.add_contact_point, customer_id, point=point, shop_id=shop, by=desk.by)
        _done, error = answers.attempt(adding)
        if error is None:
            answers.say(request, _("Added."))
            return redirect("desk:customer", customer_id)
        form.add_error("value", str(error))
    return on_page(request, customer_id, refused=Refused(point=form), status=422)


@dataclass(frozen=True)
class Refused:
    """The forms of the page that were sent and could not be accepted."""

    point: PointForm | None = None
    change: CustomerForm | None = None
    say: ConsentForm | None = None


def on_page(
    request: HttpRequest,
    customer_id: int,
    *,
    refused: Refused = Refused(),
    found: list[CustomerCard] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a person, with whatever form was refused on it."""
    desk = at_desk(request)
    card = customers.card(customer_id, shop_ids=desk.shop_ids)
    extract, entries = _extract(request, desk, card)
    about = About(
        card,
        orders=followed(
            orders.of_customers(card.lineage, shop_ids=desk.shop_ids, limit=_ORDERS, brief=True),
            shop_ids=desk.shop_ids,
        ),
        entries=entries,
        talks=conversations.gists(card.lineage, shop_ids=desk.shop_ids, limit=_TALKS),
        suspects=_suspected(card, desk) if found is None else found,
        balance=goodwill.balance(card.lineage, shop_ids=desk.shop_ids),
    )
    writes = desk.may(Permission.ANSWER) and not card.erased
    page = shown.page(
        about,
        desk.reader(),
        extract,
        # Who is known by one id only has never been merged with anybody.
        merges=customers.merges(card.id, shop_ids=desk.shop_ids) if len(card.lineage) > 1 else [],
        forms=_forms(desk, card, refused.point, refused.change) if writes else None,
        may_merge=desk.may(Permission.MERGE) and not card.erased,
    )
    shown_page = replace(page, rights=_rights(desk, card, refused.say or ConsentForm()))
    return answers.page(request, "desk/customer.html", shown_page, place="customers", status=status)


def _asked(request: HttpRequest, desk: Desk) -> Asked:
    spoken = {code for shop in desk.shops.values() for code in shop.languages}
    own = reverse("desk:customers")
    return tables.asked(request, own, shown.HEADINGS, standard="-met", filters={"language": spoken})


def _people(asked: Asked, shop_ids: list[int]) -> list[CustomerCard]:
    language = asked.chosen["language"]
    if not asked.query:
        order = asked.order.replace("met", "id").replace("name", "sorting")
        return customers.listed(
            shop_ids=shop_ids, order=order, language=language, after_id=asked.after, limit=_PAGE
        )
    found = [one for one in _found(asked.query, shop_ids, _PAGE) if language in {"", one.language}]
    if asked.order == asked.standard:
        return found
    by = {"name": lambda card: fold(card.title), "met": lambda card: card.id}[asked.sort]
    return sorted(found, key=by, reverse=asked.down)


def _rows(cards: list[CustomerCard], shop_ids: list[int]) -> list[shown.Row]:
    known = [one for card in cards for one in card.lineage]
    bought, seen = orders.counts(known, shop_ids=shop_ids), timeline.last_seen(known, shop_ids=shop_ids)
    return [
        shown.Row(
            card,
            sum(bought.get(one, 0) for one in card.lineage),
            max((seen[one] for one in card.lineage if one in seen), default=card.since),
        )
        for card in cards
    ]


def _found(query: str, shop_ids: list[int], limit: int) -> list[CustomerCard]:
    """People by the number of an order of theirs, then by name, address or phone."""
    buyers = orders.buyers([query], shop_ids=shop_ids) if any(sign.isdigit() for sign in query) else []
    bought = customers.cards(buyers, shop_ids=shop_ids) if buyers else {}
    cards = [*bought.values(), *customers.find(query, shop_ids=shop_ids, limit=limit)]
    return list({card.id: card for card in cards}.values())[:limit]


def _suspected(card: CustomerCard, desk: Desk) -> list[CustomerCard]:
    return customers.suspected(card.id, shop_ids=desk.shop_ids, known=card.lineage)


def _extract(request: HttpRequest, desk: Desk, card: CustomerCard) -> tuple[shown.Extract, list[Entry]]:
    """The part of the timeline the address asks for."""
    kind, before = request.GET.get("kind", ""), request.GET.get("before", "")
    if (kind and kind not in GROUPS) or (before and not before.isdigit()):
        raise Http404
    entries = timeline.of_customers(
        card.lineage,
        shop_ids=desk.shop_ids,
        kinds=sorted(one.__name__ for one in GROUPS[kind]) if kind else None,
        before_id=int(before) if before else None,
        limit=_ENTRIES,
    )
    following = {"kind": kind, "before": entries[-1].id} if len(entries) == _ENTRIES else {}
    own = reverse("desk:customer", args=[card.id])
    older = f"{own}?{urlencode(following)}" if following else None
    return shown.Extract(kind, older, not before), entries


def _forms(
    desk: Desk, card: CustomerCard, point: PointForm | None, change: CustomerForm | None
) -> tuple[Form, Form]:
    now = {"name": card.name, "language": card.language}
    corrected = change or CustomerForm(initial=now, reader=desk.reader().language)
    add = reverse("desk:add_point", args=[card.id])
    return (
        fields.single(point or PointForm(), add, _("Add")),
        fields.single(corrected, reverse("desk:change_customer", args=[card.id]), _("Save")),
    )


def _rights(desk: Desk, card: CustomerCard, say: ConsentForm) -> Rights:
    handing = desk.ids(Permission.PRIVACY) and not card.erased
    copies = customers.exports(card.lineage, shop_ids=desk.ids(Permission.PRIVACY)) if handing else []
    may = rights.May(
        write=desk.may(Permission.ANSWER) and not card.erased,
        copy=bool(handing),
        erase=may_erase(desk, card),
    )
    return rights.panel(card, customers.consents(card.lineage), copies, desk.reader(), say=say, may=may)


def may_erase(desk: Desk, card: CustomerCard) -> bool:
    """Whether she may erase a person: in every shop of the operator, because all of them lose her."""
    if card.erased or not desk.may(Permission.PRIVACY):
        return False
    return set(shops.group_shop_ids(card.group_id)) <= set(desk.ids(Permission.PRIVACY))


def shop_for(desk: Desk, customer_id: int, permission: Permission) -> int:
    """A shop in whose name something is done to a customer."""
    ids = desk.ids(permission)
    card = customers.card(customer_id, shop_ids=ids)
    return next(shop_id for shop_id in ids if desk.shops[shop_id].group_id == card.group_id)


def _other(request: HttpRequest) -> int:
    said = request.POST.get("other", "")
    if not said.isdigit():
        raise Http404
    return int(said)


def _to(request: HttpRequest, customer_id: int) -> HttpResponse:
    return _reload(request, answers.came_from(request, reverse("desk:customer", args=[customer_id])))


def _reload(request: HttpRequest, to: str) -> HttpResponse:
    """Merging changes whole pages: htmx is sent there as well."""
    if not answers.wants_piece(request):
        return redirect(to)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = to
    return answer
