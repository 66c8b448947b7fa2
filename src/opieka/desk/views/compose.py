"""Writing to a customer first."""

from __future__ import annotations

import uuid
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opieka.channels import queries as channels
from opieka.channels.types import CONTACTS, AccountCard, Party, Sending
from opieka.conversations import commands, queries
from opieka.conversations.types import Draft, Opening
from opieka.desk.forms.opening import OpeningForm
from opieka.desk.pages.parts import Link
from opieka.desk.pages.settings import LeafForm
from opieka.desk.presenters import fields
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.shops.types import Permission


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The form, and sending what is in it; `to`, `name` and `language` may come with the address."""
    desk = at_desk(request)
    accounts = [
        one
        for one in channels.accounts(desk.ids(Permission.ANSWER))
        if one.active and one.sending is not Sending.NONE
    ]
    if request.method == "POST":
        form = OpeningForm(request.POST, accounts=accounts, reader=desk.reader().language)
        return _start(request, desk, form, accounts)
    given = {name: request.GET.get(name, "") for name in ("to", "name", "language")}
    given["language"] = given["language"] or desk.reader().language
    form = OpeningForm(
        initial=given | {"key": uuid.uuid4().hex}, accounts=accounts, reader=desk.reader().language
    )
    return _page(request, form)


def _start(request: HttpRequest, desk: Desk, form: OpeningForm, accounts: list[AccountCard]) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    account = next(one for one in accounts if one.id == data["account"])
    to = Party(CONTACTS[account.channel], data["to"], data["name"])
    opening = Opening(account.shop_id, account.id, to, data["subject"], language=data["language"])
    draft = Draft(data["text"])
    made, error = answers.attempt(partial(commands.start, opening, draft=draft, key=data["key"], by=desk.by))
    if made is None:
        form.add_error(None, str(error))
        return _page(request, form, status=error.status if error else 422)
    original = queries.original(made, shop_ids=[account.shop_id])
    answers.say(request, _("The message leaves in a moment."))
    return redirect("desk:conversation", original.conversation_id)


def _page(request: HttpRequest, form: OpeningForm, *, status: int = 200) -> HttpResponse:
    back = Link(_("Inbox"), reverse("desk:inbox"))
    shown = fields.single(form, reverse("desk:compose"), _("Send"), cancel=back)
    page = LeafForm(_("Write to a customer"), back, shown)
    return answers.page(request, "desk/form.html", page, place="inbox", status=status)
