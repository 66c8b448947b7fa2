"""Tables: what the address asks for, and the file of everything it names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.http import Http404, HttpRequest, StreamingHttpResponse

from opieka.desk.presenters.reader import Reader
from opieka.desk.presenters.tables import Asked, Cell, Heading, lines


def asked(
    request: HttpRequest,
    href: str,
    headings: Sequence[Heading],
    *,
    standard: str,
    filters: Mapping[str, Collection[str]] | None = None,
) -> Asked:
    """What an address asks of a table; 404 for an order, a filter or a place that is none of it."""
    given = request.GET
    order = given.get("sort", "") or standard
    sort = order.removeprefix("-")
    chosen = {name: given.get(name, "") for name in filters or {}}
    after = given.get("after", "")
    known = {one.name for one in headings if one.name}
    wrong = [name for name, values in (filters or {}).items() if chosen[name] and chosen[name] not in values]
    if sort not in known or wrong or (after and not after.isdigit()):
        raise Http404
    return Asked(
        href=href,
        sort=sort,
        down=order != sort,
        standard=standard,
        chosen=chosen,
        query=given.get("q", "").strip(),
        after=int(after) if after else None,
    )


def taken_along(
    name: str, headings: Sequence[object], rows: Iterable[Sequence[Cell]], reader: Reader
) -> StreamingHttpResponse:
    """The file of a table, sent while it is read; its name carries the day."""
    answer = StreamingHttpResponse(
        lines([str(one) for one in headings], rows, reader), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}-{reader.today.isoformat()}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
