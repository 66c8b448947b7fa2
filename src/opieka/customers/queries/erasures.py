"""Who was erased, without saying who she was."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from opieka.customers.models import Erasure
from opieka.customers.types import Erased, Traces
from opieka.kernel import secrets


def traces(erasure_id: int) -> Traces:
    """By what an erased person is found in what the domains above keep; nothing once all have forgotten her."""
    stored = Erasure.objects.filter(id=erasure_id).values_list("traces", flat=True).first()
    return msgspec.json.decode(secrets.decrypt(stored), type=Traces) if stored else Traces()


def erasures(group_ids: Collection[int] | None = None) -> list[Erased]:
    """Everybody who was erased (of some operators), the first first."""
    rows = Erasure.objects.order_by("id")
    rows = rows if group_ids is None else rows.filter(group_id__in=group_ids)
    return [
        Erased(
            group_id=row.group_id,
            people=tuple((pk, datetime.fromisoformat(since)) for pk, since in row.people),
            erased_at=row.erased_at,
        )
        for row in rows
    ]
