"""The preferences of the domains, as a shop has set them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from opieka.conversations.types import InboxPreferences
from opieka.rest.fields import In, Out, absent


class Inbox(Out):
    """Days after which a resolved conversation is not reopened (0: always reopened), and business minutes to
    the first answer (0: no target)."""

    reopen_days: int
    first_response_minutes: int


class Preferences(Out):
    """How a shop wants things done."""

    conversations: Inbox


class InboxChange(In):
    """What is to be different."""

    reopen_days: Annotated[int, Field(strict=True, ge=0, le=3650)] = absent()
    first_response_minutes: Annotated[int, Field(strict=True, ge=0, le=100_000)] = absent()


class PreferencesChange(In):
    """What is to be different."""

    conversations: InboxChange = absent()


KINDS = {"conversations": InboxPreferences}
"""The domains' dataclasses by the names they have here."""
