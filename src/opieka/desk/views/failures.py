"""What reactions could not follow up: seen, and tried again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from opieka.desk.presenters import failures as shown
from opieka.desk.presenters.tables import Asked
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers, tables
from opieka.shops.types import Permission
from opieka.timeline import queries, reacting

_PAGE = 50
# One request tries no more than this; the rest waits for the next press.
_MOST = 200


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The newest first, unless the address says otherwise."""
    desk = at_desk(request)
    asked = _asked(request)
    rows = _rows(asked, desk)
    page = shown.page(rows, desk, asked, last_id=rows[-1].failure.pk if len(rows) == _PAGE else None)
    return answers.page(request, "desk/failures.html", page, place="failures")


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All of it as a file."""
    desk, asked = at_desk(request), _asked(request)

    def each() -> Iterator[shown.Row]:
        place = replace(asked, after=None)
        while rows := _rows(place, desk):
            yield from rows
            place = replace(place, after=rows[-1].failure.pk)

    rows = (shown.cells(row, desk) for row in each())
    return tables.taken_along("set-aside", shown.CELLS, rows, desk.reader())


@require_POST
def retry(request: HttpRequest, failure_id: int) -> HttpResponse:
    """Try one again."""
    mended = reacting.try_again(failure_id, shop_ids=at_desk(request).ids(Permission.REPAIR))
    answers.say(request, _("Done after all.") if mended else _("It failed again. The error is shown below."))
    return redirect("desk:failures")


@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Try all of them again."""
    shops = at_desk(request).ids(Permission.REPAIR)
    ids = list(queries.failures(shops).values_list("id", flat=True)[:_MOST])
    mended = sum(reacting.try_again(one, shop_ids=shops) for one in ids)
    told = ngettext("%(count)s of %(all)s done after all.", "%(count)s of %(all)s done after all.", mended)
    answers.say(request, told % {"count": mended, "all": len(ids)})
    return redirect("desk:failures")


def _asked(request: HttpRequest) -> Asked:
    return tables.asked(request, reverse("desk:failures"), shown.HEADINGS, standard="-since")


def _rows(asked: Asked, desk: Desk) -> list[shown.Row]:
    shops = desk.ids(Permission.REPAIR)
    order = asked.order.replace("since", "failed_at").replace("tries", "attempts")
    found = queries.failures_by(shops, order=order, after_id=asked.after, limit=_PAGE)
    entries = queries.touchpoints([one.touchpoint_id for one in found], shop_ids=shops)
    return [shown.Row(one, entries.get(one.touchpoint_id)) for one in found]
