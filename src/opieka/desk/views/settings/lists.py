"""Saved answers, keys for programs, and where orders come from."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opieka.conversations import commands as conversations
from opieka.conversations import queries as conversation_queries
from opieka.conversations.types import MacroCard
from opieka.desk.forms.settings import MacroForm, TokenForm
from opieka.desk.pages.parts import Act, Empty, Form, Link, Section
from opieka.desk.pages.settings import FormPage, ListPage, ListRow
from opieka.desk.presenters import fields, words
from opieka.desk.presenters import settings as shown
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.shops import commands as shops
from opieka.shops import queries as shop_queries
from opieka.shops.types import Permission, ShopCard

_HINT = 90


@require_GET
def macros(request: HttpRequest, slug: str) -> HttpResponse:
    """The saved answers of a shop."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    rows = tuple(
        ListRow(
            title=one.name,
            href=reverse("desk:saved_answer", args=[slug, one.id]),
            text=f"{', '.join(code.upper() for code in one.texts)} · {next(iter(one.texts.values()))[:_HINT]}",
        )
        for one in conversation_queries.macros([shop.id])
    )
    text = _(
        "Answers that are written again and again. In a conversation they stand in the customer's language."
    )
    page = ListPage(
        shown.frame(desk, shop, "desk:answers", title=_("Saved answers"), text=text),
        rows,
        Empty(
            _("No saved answers yet"),
            _("What is saved here can be put into an answer by one key."),
            "message-2-bolt",
        ),
        add=Link(_("Write one"), reverse("desk:new_saved_answer", args=[slug])),
    )
    return answers.page(request, "desk/settings_list.html", page, place="settings")


@require_http_methods(["GET", "POST"])
def macro(request: HttpRequest, slug: str, macro_id: int | None = None) -> HttpResponse:
    """Write a saved answer, or change one."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    known = {one.id: one for one in conversation_queries.macros([shop.id])}
    if macro_id is not None and macro_id not in known:
        raise Http404
    old = known.get(macro_id or 0)
    given = {"name": old.name} | {f"text_{code}": text for code, text in old.texts.items()} if old else {}
    languages = dict.fromkeys([*shop.languages, *(old.texts if old else ())])
    form = MacroForm(request.POST if request.method == "POST" else None, initial=given, languages=languages)
    if request.method == "POST" and form.is_valid():
        saving = partial(
            conversations.save_macro,
            shop.id,
            name=form.cleaned_data["name"],
            texts_by_language=form.texts(),
            macro_id=macro_id,
            by=desk.by,
        )
        _made, error = answers.attempt(saving)
        if error is None:
            answers.say(request, _("Saved."))
            return redirect("desk:answers", slug)
        form.add_error(None, str(error))
    return _macro_page(request, desk, shop, form, old)


@require_POST
def delete_macro(request: HttpRequest, slug: str, macro_id: int) -> HttpResponse:
    """Forget a saved answer."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    conversations.delete_macro(macro_id, shop_id=shop.id, by=desk.by)
    answers.say(request, _("Deleted. What was sent with it stays."))
    return redirect("desk:answers", slug)


def _macro_page(
    request: HttpRequest, desk: Desk, shop: ShopCard, form: MacroForm, old: MacroCard | None
) -> HttpResponse:
    hint = _(
        "Placeholders are filled in: {{ customer.first_name }}, {{ order.number }}, {{ agent.name }}, {{ shop.name }}."
    )
    section = Section(_("Saved answer"), fields.fields(form), hint)
    back = Link(_("All saved answers"), reverse("desk:answers", args=[shop.slug]))
    delete = (
        Act(_("Delete"), reverse("desk:delete_saved_answer", args=[shop.slug, old.id]), "x") if old else None
    )
    page = FormPage(
        shown.frame(desk, shop, "desk:answers", title=old.name if old else _("Write a saved answer")),
        Form(request.path, (section,), _("Save"), fields.problem(form), back),
        acts=(delete,) if delete else (),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)


@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest, slug: str) -> HttpResponse:
    """The keys of programs; a new one is shown this once."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    form = TokenForm(request.POST if request.method == "POST" else None)
    secret = None
    if request.method == "POST" and form.is_valid():
        scopes = [Permission(one) for one in form.cleaned_data["scopes"]]
        issuing = partial(
            shops.issue_token, shop.id, name=form.cleaned_data["name"], scopes=scopes, by=desk.by
        )
        secret, error = answers.attempt(issuing)
        if error is not None:
            form.add_error(None, str(error))
    return _tokens_page(request, desk, shop, TokenForm() if secret else form, secret or "")


@require_POST
def revoke_token(request: HttpRequest, slug: str, token_id: int) -> HttpResponse:
    """Make a key useless from now on."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    shops.revoke_token(token_id, shop_id=shop.id, by=desk.by)
    answers.say(request, _("The key opens nothing any more."))
    return redirect("desk:tokens", slug)


def _tokens_page(
    request: HttpRequest, desk: Desk, shop: ShopCard, form: TokenForm, secret: str
) -> HttpResponse:
    reader = desk.reader(shop.id)
    rows = tuple(
        ListRow(
            title=f"{one.name} ({one.hint}…)",
            text=", ".join(str(words.SCOPES[Permission(scope)]) for scope in one.scopes),
            when=reader.when(one.used_at or one.created_at),
            acts=(Act(_("Revoke"), reverse("desk:revoke_token", args=[shop.slug, one.pk]), "x"),),
        )
        for one in shop_queries.tokens(shop.id)
    )
    text = _("A program that uses the API shows such a key. It works for this shop only.")
    page = ListPage(
        shown.frame(desk, shop, "desk:tokens", title=_("Keys for programs"), text=text),
        rows,
        Empty(_("No key yet"), text, "key"),
        form_title=_("Make a key"),
        form=fields.single(form, request.path, _("Make the key")),
        secret=secret,
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_list.html", page, place="settings", status=status)
