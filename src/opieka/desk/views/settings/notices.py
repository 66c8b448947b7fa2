"""What customers are told of their parcels by themselves."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opieka.care import commands, queries
from opieka.care.types import NoticePreferences, ParcelNews
from opieka.desk.forms.notices import AnswersForm, NoticeForm
from opieka.desk.pages.parts import Chip, Empty, Form, Link, Section, Tone
from opieka.desk.pages.settings import FormPage, ListPage, ListRow
from opieka.desk.presenters import care as words
from opieka.desk.presenters import fields
from opieka.desk.presenters import settings as shown
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.shops import commands as shop_commands
from opieka.shops import queries as shops
from opieka.shops.types import Permission, ShopCard

_HINT = 90


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Every notice, whether it is sent, and whether answers are acted on."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    now = shops.preferences(shop.id, NoticePreferences)
    form = AnswersForm(request.POST if request.method == "POST" else None, initial={"answers": now.answers})
    if request.method == "POST" and form.is_valid():
        shop_commands.set_preferences(shop.id, value=replace(now, **form.cleaned_data), by=desk.by)
        answers.say(request, _("Saved."))
        return redirect("desk:notices", slug)
    rows = tuple(
        ListRow(
            title=str(words.NOTICES[kind]),
            href=reverse("desk:notice", args=[slug, kind.value]),
            text=_text(kind, now, shop).partition("\n")[0][:_HINT],
            chip=Chip(_("on"), Tone.DONE) if kind in now.on else Chip(_("off")),
        )
        for kind in ParcelNews
    )
    text = _(
        "What customers are told of their parcels, each once, in their language."
        " Nothing is sent until you switch it on."
    )
    page = ListPage(
        shown.frame(desk, shop, "desk:notices", title=_("Notices"), text=text),
        rows,
        Empty("", ""),
        form_title=_("Answers"),
        form=fields.single(form, request.path, _("Save")),
    )
    return answers.page(request, "desk/settings_list.html", page, place="settings")


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, slug: str, notice: str) -> HttpResponse:
    """Switch one on or off, and say it in other words."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    if notice not in set(ParcelNews):
        raise Http404
    kind, now = ParcelNews(notice), shops.preferences(shop.id, NoticePreferences)
    given = {"on": notice in now.on} | {
        f"text_{code}": queries.notice_text(kind, language=code, preferences=now) for code in shop.languages
    }
    sent = request.POST if request.method == "POST" else None
    form = NoticeForm(sent, initial=given, languages=shop.languages)
    if sent is not None and form.is_valid() and _save(form, kind, shop, desk):
        answers.say(request, _("Saved."))
        return redirect("desk:notices", slug)
    hint = _(
        "The first line is the subject. Filled in are {{ order }}, {{ carrier }}, {{ place }}, {{ until }},"
        " {{ when }}, {{ tracking }}, {{ proof }}, {{ code }}, {{ page }} and {{ shop }}; a line of which something"
        " is not known is left out."
    )
    back = Link(_("All notices"), reverse("desk:notices", args=[slug]))
    section = Section(_("Notice"), fields.fields(form), hint)
    page = FormPage(
        shown.frame(desk, shop, "desk:notices", title=str(words.NOTICES[kind])),
        Form(request.path, (section,), _("Save"), fields.problem(form), back),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)


def _save(form: NoticeForm, notice: ParcelNews, shop: ShopCard, desk: Desk) -> bool:
    """Keep what was entered; words that are the usual ones are not kept, so that better ones reach the shop."""
    told = {code: text for code, text in form.texts().items() if text.strip() != _usual(notice, code)}
    on: bool = form.cleaned_data["on"]
    saving = partial(commands.save_notice, shop.id, kind=notice, on=on, texts_by_language=told, by=desk.by)
    _done, error = answers.attempt(saving)
    if error is not None:
        form.add_error(None, str(error))
    return error is None


def _usual(kind: ParcelNews, language: str) -> str:
    return queries.notice_text(kind, language=language, preferences=NoticePreferences()).strip()


def _text(kind: ParcelNews, now: NoticePreferences, shop: ShopCard) -> str:
    return queries.notice_text(kind, language=shop.languages[0], preferences=now)
