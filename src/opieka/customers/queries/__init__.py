"""Reading customers: cards, search, merges, what they allow, and who was erased."""

from opieka.customers.queries.consents import consents, consents_said, may, stopped_at
from opieka.customers.queries.erasures import erasures, traces
from opieka.customers.queries.exports import export, export_bytes, exports
from opieka.customers.queries.people import (
    card,
    cards,
    find,
    find_ids,
    languages,
    latest,
    lineage,
    lineages,
    lineages_of,
    listed,
    merges,
    owners_of,
    persons,
    recognised,
    search_words,
    suspected,
    titles,
)

__all__ = [
    "card",
    "cards",
    "consents",
    "consents_said",
    "erasures",
    "export",
    "export_bytes",
    "exports",
    "find",
    "find_ids",
    "languages",
    "latest",
    "lineage",
    "lineages",
    "lineages_of",
    "listed",
    "may",
    "merges",
    "owners_of",
    "persons",
    "recognised",
    "search_words",
    "stopped_at",
    "suspected",
    "titles",
    "traces",
]
