"""How carriers did, and where delays arise."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from opieka.deliveries import queries as deliveries
from opieka.desk.presenters import carriers as shown
from opieka.desk.seat import at_desk
from opieka.desk.views import answers, tables
from opieka.kernel import clock
from opieka.shops.types import Permission

_STANDARD = "90"


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Scorecards of a period."""
    desk = at_desk(request)
    days, since, now = _period(request)
    cards = deliveries.scorecards(shop_ids=desk.shop_ids, since=since, until=now, now=now)
    figures = shown.Figures(
        cards,
        deliveries.first_attempts(shop_ids=desk.shop_ids, since=since, until=now),
        deliveries.delays(shop_ids=desk.shop_ids, since=since, until=now),
    )
    page = shown.page(figures, desk, days=days)
    return answers.page(request, "desk/carriers.html", page, place="parcels")


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same as a file."""
    desk = at_desk(request)
    _days, since, now = _period(request)
    cards = deliveries.scorecards(shop_ids=desk.ids(Permission.EXPORT), since=since, until=now, now=now)
    return tables.taken_along("carriers", shown.CELLS, map(shown.cells, cards), desk.reader())


def _period(request: HttpRequest) -> tuple[str, datetime, datetime]:
    days, now = request.GET.get("days", _STANDARD), clock.now()
    if days not in shown.PERIODS:
        raise Http404
    return days, now - timedelta(days=int(days)), now
