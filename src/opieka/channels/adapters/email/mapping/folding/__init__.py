"""Reply folding: what is new in a mail, what is quoted history and what is signature."""

from __future__ import annotations

from opieka.channels.adapters.email.mapping.folding.plain import fold
from opieka.channels.adapters.email.mapping.folding.types import Folded, FoldedHtml, Kind, Segment
from opieka.channels.adapters.email.mapping.folding.web import fold_html

__all__ = ["Folded", "FoldedHtml", "Kind", "Segment", "fold", "fold_html"]
