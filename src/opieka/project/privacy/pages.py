"""The pages of a person's copy of her data: plain, without scripts, in the active language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opieka.conversations.types import MessageItem, NoteItem, Thread
from opieka.customers.types import CustomerCard, Said
from opieka.desk.presenters import words
from opieka.desk.presenters.reader import Reader
from opieka.kernel import clock
from opieka.orders.types import OrderCard

_STYLE = (
    "body{font:17px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}table{border-collapse:collapse;width:100%}td,th{text-align:start;"
    "padding:.3rem .8rem .3rem 0;vertical-align:top;border-bottom:1px solid #8884}"
    "pre{white-space:pre-wrap;font:inherit;margin:0}small{opacity:.7}article{margin:1.5rem 0}"
)


@dataclass(frozen=True)
class Talk:
    """What the index says of a conversation."""

    id: int
    subject: str
    at: datetime | None


def index(
    card: CustomerCard, said: Sequence[Said], orders: Sequence[OrderCard], talks: Sequence[Talk]
) -> str:
    """Who she is, what she allowed, what she bought, and where her conversations are."""
    reader = _reader()
    parts = [
        format_html(
            "<h1>{}</h1><p>{}</p>",
            card.title,
            _("All that is stored about you, as of %(when)s.") % {"when": reader.exact(reader.now)},
        ),
        _table(_("Contact points"), [(str(words.POINTS[p.kind][0]), p.display) for p in card.points]),
        _table(_("What you allowed"), [_consent(one, reader) for one in said]),
        _table(_("Orders"), [_order(one, reader) for one in orders]),
        _table(_("Conversations"), [_talk(one, reader) for one in talks]),
        format_html(
            "<p><small>{}</small></p>",
            _("The folder “data” holds the same for programs, “files” and “mails” what you sent and got."),
        ),
    ]
    return _page(card.title, parts)


def conversation(thread: Thread) -> str:
    """One conversation, oldest first, with everything folded opened."""
    reader = _reader()
    said = [item for item in thread.items if isinstance(item, MessageItem | NoteItem)]
    title = thread.subject or _("Conversation")
    return _page(title, [format_html("<h1>{}</h1>", title), *(_item(item, reader) for item in said)])


def _item(item: MessageItem | NoteItem, reader: Reader) -> SafeString:
    if isinstance(item, NoteItem):
        text, who = item.text, _("Note written")
    else:
        text = "".join(segment.text for segment in item.segments)
        who = item.author or (item.sender.value if item.sender else "")
    return format_html(
        "<article><small>{} · {}</small><pre>{}</pre></article>", who, reader.exact(item.at), text
    )


def _consent(said: Said, reader: Reader) -> tuple[str, ...]:
    return (
        f"{words.PURPOSES[said.purpose]} ({words.channel(said.channel)})",
        str(words.CONSENT[said.given]),
        reader.exact(said.at),
        said.wording,
    )


def _order(order: OrderCard, reader: Reader) -> tuple[str, ...]:
    goods = ", ".join(f"{line.quantity} × {line.name}" for line in order.lines)
    where = order.shipping_address
    address = " ".join(filter(None, (where.street, where.postcode, where.city)))
    return (
        order.number,
        reader.exact(order.placed_at),
        goods,
        reader.money(order.total, order.currency),
        address,
    )


def _talk(talk: Talk, reader: Reader) -> tuple[str | SafeString, ...]:
    link = format_html('<a href="conversations/{}.html">{}</a>', talk.id, talk.subject or _("Conversation"))
    return link, reader.exact(talk.at) if talk.at else ""


def _table(title: str, rows: Sequence[tuple[str | SafeString, ...]]) -> SafeString:
    if not rows:
        return format_html("<h2>{}</h2><p>{}</p>", title, _("None."))
    cells = [(format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows]
    return format_html("<h2>{}</h2><table>{}</table>", title, format_html_join("", "<tr>{}</tr>", cells))


def _page(title: str, parts: Iterable[str]) -> str:
    return format_html(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><title>{}</title>'
        '<meta name="viewport" content="width=device-width"><style>{}</style><body>{}</body></html>',
        get_language() or "en",
        title,
        SafeString(_STYLE),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _reader() -> Reader:
    return Reader((get_language() or "en").split("-")[0], ZoneInfo("UTC"), clock.now())
