"""Folding HTML mails."""

from __future__ import annotations

import re

from opieka.channels.adapters.email.mapping.folding.history import classify
from opieka.channels.adapters.email.mapping.folding.page import parse, read, too_large
from opieka.channels.adapters.email.mapping.folding.render import part, text
from opieka.channels.adapters.email.mapping.folding.types import FoldedHtml

_TAG = re.compile(r"<[^<>]*>")


def fold_html(html: str, *, forwards: bool = False) -> FoldedHtml:
    """Tell what is new in an HTML mail from history and signatures.

    Takes the mail as it was sent: sanitise the fragments, not the input, for history is known by the classes
    and ids that mail programs leave. A mail with more tags than anybody writes comes back as it is, as new.
    `forwards` as for `fold`.
    """
    if too_large(html):
        return FoldedHtml(html, "", " ".join(_TAG.sub(" ", html).split()), "")
    root = parse(html)
    if root is None:
        return FoldedHtml("", "", "", "")
    page = read(root)
    kinds = classify(page.lines, forwards=forwards)
    reply, quoted = part(page.nodes, kinds)
    return FoldedHtml(reply, quoted, text(page, kinds, new=True), text(page, kinds, new=False))
