"""What tracking left unclear: seen, followed, dismissed, and brought back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from opieka.deliveries import commands
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import NoticeKind, WantedNotices
from opieka.desk.presenters import unclear as shown
from opieka.desk.presenters.parcels import parts
from opieka.desk.presenters.tables import Asked
from opieka.desk.seat import at_desk
from opieka.desk.views import answers, tables
from opieka.desk.views.undoing import moment_of, number_of
from opieka.kernel.paging import following
from opieka.shops.types import Permission

_PAGE = 50
_ORDERS = {"last": "last_at", "times": "times"}


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The latest first, unless the address says otherwise."""
    desk = at_desk(request)
    asked = _asked(request)
    rows = _rows(asked, desk.shop_ids)
    page = shown.page(
        rows,
        deliveries.notice_sources(desk.shop_ids),
        desk,
        asked,
        parts=parts("desk:unclear", desk),
        last_id=rows[-1].pk if len(rows) == _PAGE else None,
    )
    return answers.page(request, "desk/unclear.html", page, place="parcels")


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All that an address names, as a file."""
    desk, asked = at_desk(request), _asked(request)
    shop_ids = desk.ids(Permission.EXPORT)
    sources = deliveries.notice_sources(shop_ids)

    def everything() -> Iterator[shown.Noticed]:
        place = replace(asked, after=None)
        while rows := _rows(place, shop_ids):
            yield from rows
            place = replace(place, after=rows[-1].pk)

    rows = (shown.cells(row, sources, desk) for row in everything())
    return tables.taken_along("unclear", shown.CELLS, rows, desk.reader())


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Take one, or all that a filter names, off the list until they come again."""
    desk, given = at_desk(request), request.POST
    notice, kind = given.get("notice", ""), given.get("kind", "")
    wanted = WantedNotices(
        id=int(notice) if notice.isdigit() else None,
        kind=NoticeKind(kind) if kind in set(NoticeKind) else None,
        told_by=given.get("from", ""),
    )
    count, moment = commands.dismiss_notices(wanted, shop_ids=desk.ids(Permission.REPAIR), by=desk.by)
    told = ngettext("%(count)s notice is dismissed.", "%(count)s notices are dismissed.", count)
    undo = reverse("desk:bring_back_unclear", args=[number_of(moment)]) if count else ""
    answers.say(request, told % {"count": count}, undo=undo)
    return redirect(answers.came_from(request, reverse("desk:unclear")))


@require_POST
def bring_back(request: HttpRequest, moment: int) -> HttpResponse:
    """Undo what was dismissed at one moment, in microseconds since 1970."""
    desk = at_desk(request)
    commands.bring_back_notices(moment_of(moment), shop_ids=desk.ids(Permission.REPAIR), by=desk.by)
    answers.say(request, _("They stand here again."))
    return redirect("desk:unclear")


def _asked(request: HttpRequest) -> Asked:
    told_by = [request.GET["from"]] if "from" in request.GET else []
    filters: dict[str, Collection[str]] = {"kind": [kind.value for kind in NoticeKind], "from": told_by}
    return tables.asked(request, reverse("desk:unclear"), shown.HEADINGS, standard="-last", filters=filters)


def _rows(asked: Asked, shop_ids: Collection[int]) -> list[shown.Noticed]:
    kind = asked.chosen["kind"]
    wanted = WantedNotices(kind=NoticeKind(kind) if kind else None, told_by=asked.chosen["from"])
    order = f"{'-' if asked.down else ''}{_ORDERS[asked.sort]}"
    rows = deliveries.notices(shop_ids, wanted)
    return list(
        following(rows, order=order, after_id=asked.after, among=deliveries.notices(shop_ids))[:_PAGE]
    )
