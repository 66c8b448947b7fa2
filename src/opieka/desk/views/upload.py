"""A warehouse's file: read, looked at, and taken over batch by batch; the browser keeps it meanwhile."""

from __future__ import annotations

from functools import partial

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opieka.deliveries import commands
from opieka.deliveries import queries as deliveries
from opieka.deliveries.types import FileTaken, Taken
from opieka.desk.pages.parcels import Uploaded, UploadPage
from opieka.desk.pages.parts import Choice, Field, FieldKind
from opieka.desk.presenters import upload as shown
from opieka.desk.presenters.parcels import parts
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.shops.types import Permission

_BATCH = 250


class _FileForm(forms.Form):
    """The file, what to do with it, and what came of it so far."""

    file = forms.FileField()
    shop = forms.IntegerField(required=False)
    do = forms.ChoiceField(choices=[("read", ""), ("take", "")])
    start = forms.IntegerField(min_value=0, required=False)
    created = forms.IntegerField(min_value=0, required=False)
    changed = forms.IntegerField(min_value=0, required=False)
    reports = forms.IntegerField(min_value=0, required=False)


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Choose a file; see what is in it; take it over."""
    desk = at_desk(request)
    if request.method != "POST":
        return _page(request, desk, None)
    form = _FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, desk, None, error=_("Choose a file that is not empty."))
    shop_id = _shop(form, desk)
    raw: bytes = form.cleaned_data["file"].read()
    if len(raw) > settings.OPIEKA.max_mail_bytes:
        told = _("The file is too large. The limit is %(limit)s MB.")
        limit = settings.OPIEKA.max_mail_bytes // 1_000_000
        return _page(request, desk, None, error=told % {"limit": limit})
    work = partial(_take if form.cleaned_data["do"] == "take" else _read, request, form, raw, shop_id, desk)
    uploaded, refused = answers.attempt(work)
    return _page(request, desk, uploaded, error=str(refused or ""))


def _read(request: HttpRequest, form: _FileForm, raw: bytes, shop_id: int, desk: Desk) -> Uploaded:
    return shown.preview(deliveries.file(raw, shop_id=shop_id), desk.reader(shop_id))


def _take(request: HttpRequest, form: _FileForm, raw: bytes, shop_id: int, desk: Desk) -> Uploaded:
    """The next batch; browsers without scripts cannot go on by themselves and get all at once."""
    limit = _BATCH if answers.wants_piece(request) else None
    data, reader = form.cleaned_data, desk.reader(shop_id)
    done = commands.take_file(raw, shop_id=shop_id, start=data["start"] or 0, limit=limit, by=desk.by)
    total = _sum(data, done)
    more = done.seen < done.parcels
    return shown.going_on(done, total, reader) if more else shown.done(done, total, reader)


def _sum(data: dict[str, int | None], done: FileTaken) -> Taken:
    return Taken(
        created=(data["created"] or 0) + done.taken.created,
        changed=(data["changed"] or 0) + done.taken.changed,
        reports=(data["reports"] or 0) + done.taken.reports,
    )


def _shop(form: _FileForm, desk: Desk) -> int:
    chosen = form.cleaned_data["shop"] or desk.ids(Permission.IMPORT)[0]
    desk.access.require(Permission.IMPORT, chosen)
    return chosen


def _page(request: HttpRequest, desk: Desk, uploaded: Uploaded | None, *, error: str = "") -> HttpResponse:
    shops = [desk.shops[shop_id] for shop_id in desk.ids(Permission.IMPORT)]
    chosen = request.POST.get("shop", "")
    choices = tuple(Choice(str(shop.id), shop.name, str(shop.id) == chosen) for shop in shops)
    field = Field("shop", _("Shop"), FieldKind.SELECT, required=True, choices=choices)
    page = UploadPage(
        parts=parts("desk:upload_parcels", desk),
        action=reverse("desk:upload_parcels"),
        shops=field if len(shops) > 1 else None,
        uploaded=uploaded,
        error=error,
    )
    status = 422 if error and not answers.wants_piece(request) else 200
    return answers.page(request, "desk/upload.html", page, place="parcels", status=status)
