"""Is this mail the news that another one was not delivered?"""

from __future__ import annotations

from opieka.channels.adapters.email.mapping.bounces import report
from opieka.channels.adapters.email.mapping.mime import Part
from opieka.channels.types import Bounce


def find(root: Part, text: str, subject: str) -> Bounce | None:
    """The first recipient who was not reached (a final failure before a delay); None for any other mail."""
    failures, _ = report.failures(root)
    worst = report.worst(failures)
    if worst:
        return report.bounce(worst, root)
    return None
