"""What came in and could not be read: seen, fetched as it came, and read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from opieka.channels import queries as channels
from opieka.desk.presenters import unread as shown
from opieka.desk.presenters.tables import Asked
from opieka.desk.seat import Desk, Unread, at_desk
from opieka.desk.views import answers, tables
from opieka.desk.views.mails import as_file
from opieka.orders import queries as orders
from opieka.shops.types import Permission
from opieka.timeline import queries as timeline

_PAGE = 50


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The latest first, unless the address says otherwise."""
    desk = at_desk(request)
    asked = _asked(request)
    shop_ids = desk.ids(Permission.REPAIR)
    found = _found(asked, desk)
    page = shown.page(
        found,
        _owners(desk),
        desk,
        asked,
        unfollowed=timeline.failures(shop_ids).count(),
        last_id=found[-1].id if len(found) == _PAGE else None,
    )
    return answers.page(request, "desk/unread.html", page, place="failures")


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All of it as a file."""
    desk = at_desk(request)
    owners, asked = _owners(desk), _asked(request)

    def each() -> Iterator[Unread]:
        place = replace(asked, after=None)
        while found := _found(place, desk):
            yield from found
            place = replace(place, after=found[-1].id)

    rows = (shown.cells(one, owners, desk) for one in each())
    return tables.taken_along("unread", shown.CELLS, rows, desk.reader())


@require_GET
def source(request: HttpRequest, payload_id: int) -> HttpResponse:
    """The bytes as they came."""
    desk = at_desk(request)
    kind, stored = desk.intake.raw(payload_id, shop_ids=desk.ids(Permission.REPAIR))
    ending = "eml" if kind == "mail" else "json" if "json" in stored.content_type else "bin"
    return as_file(stored.data, stored.content_type or "application/octet-stream", f"{payload_id}.{ending}")


@require_POST
def retry(request: HttpRequest, payload_id: int) -> HttpResponse:
    """Read one again."""
    desk = at_desk(request)
    desk.intake.retry(payload_id, shop_ids=desk.ids(Permission.REPAIR), by=desk.by)
    answers.say(request, _("It is being read again. If that fails, it comes back here."))
    return redirect("desk:unread")


@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Read all of it again."""
    desk = at_desk(request)
    count = desk.intake.retry_all(shop_ids=desk.ids(Permission.REPAIR), by=desk.by)
    told = ngettext(
        "%(count)s is being read again. What fails comes back here.",
        "%(count)s are being read again. What fails comes back here.",
        count,
    )
    answers.say(request, told % {"count": count})
    return redirect("desk:unread")


def _asked(request: HttpRequest) -> Asked:
    own = reverse("desk:unread")
    filters = {"source": set(shown.SOURCES)}
    return tables.asked(request, own, shown.HEADINGS, standard="-came", filters=filters)


def _found(asked: Asked, desk: Desk) -> list[Unread]:
    order = asked.order.replace("came", "received_at").replace("tries", "failures")
    shop_ids, source = desk.ids(Permission.REPAIR), asked.chosen["source"]
    return list(desk.intake.aside(shop_ids, order=order, source=source, after_id=asked.after, limit=_PAGE))


def _owners(desk: Desk) -> shown.Owners:
    """To what payloads can have come: mailboxes, and shop systems."""
    shop_ids = desk.ids(Permission.REPAIR)
    return shown.Owners(
        {one.id: one.address for one in channels.accounts(shop_ids)},
        {one.id: one.connector for one in orders.connections(shop_ids)},
    )
