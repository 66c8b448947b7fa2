"""The left pane: views, filters, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from opieka.clocks.types import ClockCard, Status
from opieka.conversations.types import Direction, Filters, Place, Row, SearchResult, View
from opieka.desk.pages import inbox
from opieka.desk.pages.parts import Choice, Clock, Empty, Tone
from opieka.desk.presenters import people, story, words
from opieka.desk.presenters.reader import Reader
from opieka.desk.seat import Desk

EVERYTHING = Filters()
_FULL = 100
_COUNTED = (View.MINE, View.UNASSIGNED, View.OPEN)


@dataclass(frozen=True)
class Asked:
    """What the address of the inbox asks for. `shop` is a short name, "" for all of them."""

    view: View = View.OPEN
    shop: str = ""
    query: str = ""
    after: Place | None = None
    filters: Filters = EVERYTHING

    def parameters(self) -> dict[str, str]:
        """The same as an address says it, without the page."""
        said = {
            "view": "" if self.view is View.OPEN else self.view.value,
            "shop": self.shop,
            "q": self.query,
            "channel": self.filters.channel or "",
            "language": self.filters.language or "",
            "assignee": str(self.filters.assignee_id or ""),
        }
        return {name: value for name, value in said.items() if value}

    def address(self, path: str = "", **changes: object) -> str:
        """An address with the same filters, some of them changed."""
        asked = replace(self, **changes)  # type: ignore[arg-type]  # its own fields by name
        said = asked.parameters() | ({"after": str(asked.after)} if asked.after else {})
        base = path or reverse("desk:inbox")
        return f"{base}?{urlencode(said)}" if said else base

    @cached_property
    def beside(self) -> str:
        """What the address of an open conversation ends with, so that the list beside it stays the same."""
        said = urlencode(self.parameters())
        return f"?{said}" if said else ""


def clock(card: ClockCard | None, reader: Reader) -> Clock | None:
    """A deadline, while it matters."""
    if card is None or card.status is Status.PAUSED:
        return None
    late = card.status is Status.BREACHED or card.due_at <= reader.now
    tone = Tone.LATE if late else Tone.SOON if card.warned else Tone.PLAIN
    return Clock(story.clock_label(card.kind), reader.until(card.due_at), tone)


def row(one: Row, desk: Desk, asked: Asked, *, open_id: int = 0, preview: str = "") -> inbox.Row:
    """One conversation in the list."""
    # A list over several shops is told in one zone, so that it reads in order.
    reader = desk.reader(one.shop_id if asked.shop else None)
    many = len(desk.shops) > 1 and not asked.shop
    said = preview or one.preview
    ours = one.preview_direction is Direction.OUT and not preview
    return inbox.Row(
        id=one.id,
        href=reverse("desk:conversation", args=[one.id]) + asked.beside,
        channel=one.channel,
        channel_label=words.channel(one.channel),
        name=one.customer or _("Unknown"),
        when=reader.when(one.last_message_at),
        words=one.subject,
        preview=_("You: %(words)s") % {"words": said} if ours else said,
        unread=one.unread,
        current=one.id == open_id,
        clock=clock(one.clock, reader),
        assignee=people.staff(one.assignee) if one.assignee_id else None,
        shop=desk.shops[one.shop_id].name if many else "",
    )


def listed(
    rows: Sequence[Row], following: Place | None, desk: Desk, asked: Asked, *, open_id: int = 0
) -> inbox.RowList:
    """A page of a view."""
    shown = tuple(row(one, desk, asked, open_id=open_id) for one in rows)
    older = asked.address(after=following) if following else None
    return _list(desk, asked, shown, _empty(asked, desk), older)


def found(result: SearchResult, desk: Desk, asked: Asked, *, open_id: int = 0) -> inbox.RowList:
    """What a search has found, each with the passage that fits best."""
    shown = tuple(
        row(one.row, desk, asked, open_id=open_id, preview="".join(bit.text for bit in one.passage))
        for one in result.found
    )
    empty = Empty(_("Nothing found"), _("Try fewer words, a name, an address or an order number."), "search")
    made = _list(desk, asked, shown, empty, None)
    if not result.read_as:
        return made
    others = ", ".join(f"{word} → {', '.join(near)}" for word, near in result.read_as.items())
    return replace(made, note=_("Searched also for: %(words)s") % {"words": others})


def _list(
    desk: Desk, asked: Asked, shown: tuple[inbox.Row, ...], empty: Empty, older: str | None
) -> inbox.RowList:
    return inbox.RowList(
        title=_("Inbox"),
        href=asked.address(),
        tabs=_tabs(desk, asked),
        rows=shown,
        empty=empty,
        query=asked.query,
        hidden=tuple(
            (name, value) for name, value in asked.parameters().items() if name not in {"q", "view"}
        ),
        shops=_shops(desk, asked),
        older=older,
        compose=reverse("desk:compose"),
    )


def _tabs(desk: Desk, asked: Asked) -> tuple[inbox.ViewTab, ...]:
    return tuple(
        inbox.ViewTab(
            key=view.value,
            label=str(words.VIEWS[view]),
            href=asked.address(view=view, query="", after=None),
            count=min(desk.counts[view], _FULL) or None if view in _COUNTED and not asked.shop else None,
            current=view is asked.view and not asked.query,
        )
        for view in (
            View.OPEN,
            View.MINE,
            View.UNASSIGNED,
            View.WAITING,
            View.SNOOZED,
            View.RESOLVED,
            View.SPAM,
            View.ALL,
        )
    )


def _shops(desk: Desk, asked: Asked) -> tuple[Choice, ...]:
    if len(desk.shops) < 2:
        return ()
    everything = Choice(asked.address(shop="", after=None), _("All shops"), not asked.shop)
    each = (
        Choice(asked.address(shop=shop.slug, after=None), shop.name, asked.shop == shop.slug)
        for shop in desk.shops.values()
    )
    return (everything, *each)


def _empty(asked: Asked, desk: Desk) -> Empty:
    if asked.view in {View.MINE, View.UNASSIGNED, View.OPEN}:
        return Empty(
            _("Everything is answered"),
            _("A conversation appears here as soon as a customer writes."),
            "circle-check",
        )
    return Empty(_("Nothing here"), _("Conversations in this state will appear here."), "inbox")
