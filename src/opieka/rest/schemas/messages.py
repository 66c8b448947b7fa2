"""Messages by themselves: what one looked like, and saved answers."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field

from opieka.channels.types import CleanHtml
from opieka.conversations.types import MacroCard
from opieka.rest.fields import CLEAN, In, Out, absent
from opieka.rest.schemas.conversations import Message
from opieka.shops.types import Language

MacroName = Annotated[str, Field(min_length=1, max_length=100, pattern=CLEAN)]
MacroText = Annotated[str, Field(max_length=20_000, pattern=CLEAN)]
MacroTexts = Annotated[dict[Language, MacroText], Field(min_length=1)]


class MessageInConversation(Out):
    """A message, and the conversation it is in."""

    conversation_id: int
    message: Message


class MessageHtml(Out):
    """A message's HTML made safe to show. Pictures from elsewhere stand in `data-remote-src`; `content_ids` name
    the inline files it shows as `cid:`."""

    html: str
    remote_images: int
    content_ids: list[str]

    @classmethod
    def make(cls, clean: CleanHtml) -> Self:
        return cls(html=clean.html, remote_images=clean.remote_images, content_ids=sorted(clean.content_ids))


class Macro(Out):
    """A saved answer; `texts` by language, with placeholders such as {{ customer.first_name }}."""

    id: int
    name: str
    texts: dict[Language, str]

    @classmethod
    def make(cls, card: MacroCard) -> Self:
        return cls(
            id=card.id, name=card.name, texts={Language(code): text for code, text in card.texts.items()}
        )


class NewMacro(In):
    """A saved answer to be kept."""

    name: MacroName
    texts: MacroTexts


class MacroChange(In):
    """What is to be different; `texts` replaces those of all languages."""

    name: MacroName = absent()
    texts: MacroTexts = absent()


class MacroPreview(Out):
    """A saved answer filled in for a conversation; `missing` placeholders are left visible in the text."""

    text: str
    language: str
    missing: list[str]
