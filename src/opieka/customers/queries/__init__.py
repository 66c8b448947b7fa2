"""Reading customers: cards, search, merges, and what they allow."""

from opieka.customers.queries.consents import consents, consents_said, may
from opieka.customers.queries.people import (
    card,
    cards,
    find,
    find_ids,
    languages,
    latest,
    lineage,
    lineages,
    listed,
    merges,
    owners_of,
    persons,
    recognised,
    search_words,
    suspected,
)

__all__ = [
    "card",
    "cards",
    "consents",
    "consents_said",
    "find",
    "find_ids",
    "languages",
    "latest",
    "lineage",
    "lineages",
    "listed",
    "may",
    "merges",
    "owners_of",
    "persons",
    "recognised",
    "search_words",
    "suspected",
]
