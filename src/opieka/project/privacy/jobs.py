"""Making people's copies of their data in the background."""

from __future__ import annotations

from itertools import count

from procrastinate.contrib.django import app

from opieka.customers import commands, queries
from opieka.customers.facts import ExportRequested
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.project.privacy import dossier
from opieka.project.privacy.archive import Stretches
from opieka.timeline.reacting import react_to
from opieka.timeline.types import Entry


@react_to(ExportRequested)
def make_the_copy(entry: Entry) -> None:
    """Whoever asked for it need not wait."""
    if isinstance(entry.fact, ExportRequested):
        export.defer(export_id=entry.fact.export_id)


@app.task(name="privacy.export", retry=5)
def export(export_id: int) -> None:
    """Make one copy, in parts; given up when she was erased meanwhile."""
    try:
        wanted = queries.export(export_id)
        commands.begin_export(export_id)
        numbers = count()
        stretches = Stretches(lambda body: commands.save_part(export_id, number=next(numbers), body=body))
        dossier.compose(wanted.customer_id, shop_ids=wanted.shop_ids, into=stretches)
        commands.finish_export(export_id, by=SYSTEM)
    except NotFound:
        return
