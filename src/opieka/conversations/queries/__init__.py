"""Reading the inbox: lists, threads, search, saved answers."""

from opieka.conversations.queries.lists import FULL, counts, inbox, rows
from opieka.conversations.queries.reading import thread

__all__ = ["FULL", "counts", "inbox", "rows", "thread"]
