"""Ctrl-K: wherever one wants to go."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from opieka.customers import queries as customers
from opieka.desk.pages.frame import Palette, PaletteItem
from opieka.desk.pages.parts import Link
from opieka.desk.presenters import orders as shown_orders
from opieka.desk.presenters import people
from opieka.desk.presenters.frame import places
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.orders import queries as orders

_PEOPLE, _ORDERS = 7, 4
_SHORTEST = 2


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """What a few letters lead to: places, people, orders, and a search in all that was said."""
    query = request.GET.get("q", "").strip()
    if not answers.wants_piece(request):
        return redirect(f"{reverse('desk:customers')}?{urlencode({'q': query})}")
    palette = Palette(query, tuple(_items(at_desk(request), query)))
    return answers.piece(request, "desk/_palette.html", palette=palette)


def _items(desk: Desk, query: str) -> Iterator[PaletteItem]:
    for place in places(desk, ""):
        if query.casefold() in place.text.casefold():
            yield PaletteItem(Link(place.text, place.href), place.icon, place.keys)
    if len(query) < _SHORTEST:
        return
    if any(sign.isdigit() for sign in query):
        for order in orders.by_number(query, shop_ids=desk.shop_ids)[:_ORDERS]:
            shown = shown_orders.card(order, desk.reader(order.shop_id))
            yield PaletteItem(
                Link(shown.number, shown.href), "package", f"{order.contact.name} · {shown.total}"
            )
    for card in customers.find(query, shop_ids=desk.shop_ids, limit=_PEOPLE):
        hint = card.points[0].display if card.points else ""
        person = people.customer(card)
        yield PaletteItem(Link(person.name, reverse("desk:customer", args=[card.id])), "user", hint)
    everything = f"{reverse('desk:inbox')}?{urlencode({'view': 'all', 'q': query})}"
    yield PaletteItem(
        Link(_("Search all conversations for “%(words)s”") % {"words": query}, everything), "search"
    )
