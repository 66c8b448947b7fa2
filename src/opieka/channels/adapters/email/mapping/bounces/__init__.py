"""Is this mail the news that another one was not delivered?"""

from __future__ import annotations

from opieka.channels.adapters.email.mapping.bounces import freeform, report
from opieka.channels.adapters.email.mapping.mime import Part
from opieka.channels.types import Bounce

_LONGEST = 300


def find(root: Part, text: str, subject: str) -> Bounce | None:
    """The first recipient who was not reached (a final failure before a delay); None for any other mail.

    A report in the form of RFC 3464 is believed, also when it says that all went well; read receipts and
    complaints are no bounces; anything else is judged by its words.
    """
    subject = subject[:_LONGEST]
    in_text = root.content_type == "multipart/report" or freeform.may_be_notice(root, subject)
    failures, reported = report.failures(root, in_text=in_text)
    worst = report.worst(failures)
    failure = worst if reported else freeform.failure(root, text, subject)
    if failure is None:
        return None
    if failure.recipient is None:
        failure = failure._replace(recipient=freeform.recipient(root, text))
    return Bounce(failure.kind, failure.status, failure.recipient, report.original_id(root))
