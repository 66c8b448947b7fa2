"""Reading the inbox: lists, threads, search, saved answers."""

from opieka.conversations.queries.exporting import dossier, said_elsewhere
from opieka.conversations.queries.finding import search
from opieka.conversations.queries.lists import FULL, counts, due_snoozed, inbox, rows
from opieka.conversations.queries.macros import macro_preview, macros
from opieka.conversations.queries.reaching import texts_stopped, ways
from opieka.conversations.queries.reading import count_with, files_in_use, gist, gists, original, thread
from opieka.conversations.queries.replies import reply, told_about

__all__ = [
    "FULL",
    "count_with",
    "counts",
    "dossier",
    "due_snoozed",
    "files_in_use",
    "gist",
    "gists",
    "inbox",
    "macro_preview",
    "macros",
    "original",
    "reply",
    "rows",
    "said_elsewhere",
    "search",
    "texts_stopped",
    "thread",
    "told_about",
    "ways",
]
