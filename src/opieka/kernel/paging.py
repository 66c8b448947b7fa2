"""Going through rows in any order, place by place, without counting."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def following(
    rows: QuerySet[M], *, order: str, after_id: int | None, among: QuerySet[M] | None = None
) -> QuerySet[M]:
    """Rows in the order of a field that is never null ("name", "-name"; the id settles ties), from after one.

    That one may have left the rows meanwhile (been mended, say): its place still counts when it is `among` those.
    """
    name = order.removeprefix("-")
    sign, further = ("-", "lt") if order != name else ("", "gt")
    ordered = rows.order_by(order, f"{sign}id")
    if after_id is None:
        return ordered
    known = rows if among is None else among
    here = known.filter(pk=after_id).values_list(name, flat=True).first()
    if here is None:
        return ordered.none()
    # Two conditions instead of one "or": the first is a range of the index.
    passed = {name: here, f"id__{_NOT[further]}": after_id}
    return ordered.filter(**{f"{name}__{further}e": here}).exclude(**passed)


_NOT = {"lt": "gte", "gt": "lte"}
