"""Mails as they were sent: their HTML, their source, their files. Nothing of them ever runs in our pages."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from opieka.channels import queries as channels
from opieka.conversations import queries
from opieka.conversations.types import Original
from opieka.desk.presenters import thread
from opieka.desk.presenters.thread import PICTURES, looks_of
from opieka.desk.seat import at_desk
from opieka.desk.views import answers

_FRAME = (
    "default-src 'none'; img-src 'self' data:{pictures}; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
_FILE = "default-src 'none'; sandbox"
_CID = re.compile(r'\ssrc="cid:([^"]+)"')
_REMOTE = re.compile(r'\sdata-remote-src="([^"]*)"')
# The frame has no stylesheet of ours; a mail without looks of its own reads like our text.
_PAGE = """<!doctype html><html><head><meta charset="utf-8"><base target="_blank"><style>
html{{color-scheme:light}}body{{margin:0;padding:12px;background:#fff;color:#211f1b;
font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}}img{{max-width:100%;height:auto}}
table{{max-width:100%}}blockquote{{margin:0 0 0 8px;padding-left:12px;border-left:2px solid #cdc8bf}}
</style></head><body>{body}</body></html>"""


@require_POST
def looks(request: HttpRequest, message_id: int) -> HttpResponse:
    """Show a message as it was sent, or as plain text; with pictures from elsewhere when asked for."""
    desk = at_desk(request)
    original = queries.original(message_id, shop_ids=desk.shop_ids)
    pictures = bool(request.POST.get("pictures"))
    wanted = looks_of(original, pictures=pictures) if request.POST.get("looks") else None
    if answers.wants_piece(request):
        shown = thread.message(original.item, desk.reader(original.shop_id), looks=wanted)
        return answers.piece(request, "desk/_message.html", message=shown)
    page = reverse("desk:conversation", args=[original.conversation_id])
    said = f"?looks={message_id}{f'&pictures={message_id}' if pictures else ''}" if wanted else ""
    return redirect(f"{page}{said}#message-{message_id}")


@require_GET
@xframe_options_sameorigin
def html(request: HttpRequest, message_id: int) -> HttpResponse:
    """A mail's cleaned HTML, for the frame in its message: no scripts, no forms, no pictures from elsewhere."""
    original = queries.original(message_id, shop_ids=at_desk(request).shop_ids)
    if original.html is None:
        raise Http404
    pictures = bool(request.GET.get("pictures"))
    body = _CID.sub(lambda found: _inline(original, found[1]), original.html.html)
    if pictures:
        body = _REMOTE.sub(r' src="\1"', body)
    answer = HttpResponse(_PAGE.format(body=body))
    answer["Content-Security-Policy"] = _FRAME.format(pictures=" https: http:" if pictures else "")
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "private, max-age=300"
    return answer


@require_GET
def source(request: HttpRequest, message_id: int) -> HttpResponse:
    """The raw bytes of a message, as a file."""
    original = queries.original(message_id, shop_ids=at_desk(request).shop_ids)
    if not original.raw_sha256:
        raise Http404
    raw = channels.file(original.raw_sha256, shop_ids=[original.shop_id])
    return as_file(raw.data, "message/rfc822", f"message-{message_id}.eml")


@require_GET
def file(request: HttpRequest, message_id: int, sha256: str) -> HttpResponse:
    """A file of a message: always to be saved, except pictures that stand in our page."""
    original = queries.original(message_id, shop_ids=at_desk(request).shop_ids)
    found = next((one for one in original.item.files if one.sha256 == sha256), None)
    if found is None:
        raise Http404
    stored = channels.file(sha256, shop_ids=[original.shop_id])
    if request.GET.get("picture") and stored.content_type in PICTURES:
        answer = as_file(stored.data, stored.content_type, found.filename)
        answer["Content-Disposition"] = "inline"
        return answer
    return as_file(stored.data, stored.content_type, found.filename)


def _inline(original: Original, content_id: str) -> str:
    """The address of a picture inside the mail."""
    found = next((one for one in original.item.files if one.content_id == content_id), None)
    if found is None:
        return ""
    return f' src="{reverse("desk:file", args=[original.item.id, found.sha256])}?picture=1"'


def as_file(data: bytes, content_type: str, name: str) -> HttpResponse:
    """Bytes of others as a file to be saved."""
    answer = HttpResponse(data, content_type=content_type)
    plain = re.sub(r"[^\w. ()\[\]-]", "_", name or "file", flags=re.ASCII)
    answer["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name or 'file', safe='')}"
    )
    answer["Content-Security-Policy"] = _FILE
    answer["X-Content-Type-Options"] = "nosniff"
    # Bytes under a hash never change; the browser of this person may keep them.
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer
