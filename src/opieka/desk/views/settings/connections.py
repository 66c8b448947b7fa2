"""Where orders come from: the shop's own system, connected by keys."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opieka.desk.forms.settings import KeysForm
from opieka.desk.pages.parts import Act, Chip, Empty, Form, Link, Section, Tone
from opieka.desk.pages.settings import FormPage, ListPage, ListRow
from opieka.desk.presenters import fields, words
from opieka.desk.presenters import settings as shown
from opieka.desk.presenters.reader import Reader
from opieka.desk.seat import Desk, at_desk
from opieka.desk.views import answers
from opieka.orders import commands
from opieka.orders import queries as orders
from opieka.orders.types import ConnectionCard, NoticeKind
from opieka.shops.types import Permission, ShopCard


@require_GET
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """What is connected and what could be, with what was noticed in their data."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    reader = desk.reader(shop.id)
    found = {one.connector: one for one in orders.connections([shop.id])}
    rows = [_row(name, found.get(name), shop, reader) for name in words.CONNECTORS]
    notices = tuple(
        ListRow(
            title=str(words.NOTICES[NoticeKind(one.kind)]),
            text=f"{words.CONNECTORS.get(one.source, one.source)}, {one.where}: {one.value} ({_times(one.times)})",
            when=reader.when(one.last_at),
            chip=Chip(_("Look at it"), Tone.SOON),
            acts=(Act(_("Seen"), reverse("desk:dismiss_notice", args=[slug, one.pk]), "check"),),
        )
        for one in orders.notices([shop.id])[:50]
    )
    text = _("Orders stand beside conversations as soon as the shop's system tells of them.")
    page = ListPage(
        shown.frame(desk, shop, "desk:connections", title=_("Orders come from"), text=text),
        (*rows, *notices),
        Empty("", ""),
    )
    return answers.page(request, "desk/settings_list.html", page, place="settings")


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, slug: str, connector: str) -> HttpResponse:
    """The keys of one system; what is sent is kept encrypted and never shown."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    keys = orders.connectors().get(connector)
    if keys is None or connector not in words.CONNECTORS:
        raise Http404
    form = KeysForm(request.POST if request.method == "POST" else None, keys=keys)
    if request.method == "POST" and form.is_valid():
        connecting = partial(
            commands.connect, shop.id, connector=connector, credentials=form.cleaned_data, by=desk.by
        )
        made, error = answers.attempt(connecting)
        if made is not None:
            commands.begin_reading(made, everything=True, by=desk.by)
            answers.say(request, _("Connected. Its orders are being read."))
            return redirect("desk:connection", slug, connector)
        form.add_error(None, str(error))
    return _page(request, desk, shop, form, connector)


@require_POST
def read(request: HttpRequest, slug: str, connector: str) -> HttpResponse:
    """Read everything again."""
    desk, shop, card = _connected(request, slug, connector)
    commands.begin_reading(card.id, everything=True, by=desk.by)
    answers.say(request, _("Its orders are being read."))
    return redirect("desk:connection", shop.slug, connector)


@require_POST
def disconnect(request: HttpRequest, slug: str, connector: str) -> HttpResponse:
    """Forget the keys; the orders stay."""
    desk, shop, card = _connected(request, slug, connector)
    commands.disconnect(card.id, shop_id=shop.id, by=desk.by)
    answers.say(request, _("Not connected any more. The orders that are here stay."))
    return redirect("desk:connections", shop.slug)


@require_POST
def dismiss(request: HttpRequest, slug: str, notice_id: int) -> HttpResponse:
    """Take a notice off the list until it comes again."""
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    commands.dismiss_notice(notice_id, shop_id=shop.id, by=desk.by)
    return redirect("desk:connections", slug)


def _times(count: int) -> str:
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": count}


def _connected(request: HttpRequest, slug: str, connector: str) -> tuple[Desk, ShopCard, ConnectionCard]:
    desk = at_desk(request)
    shop = desk.shop(slug, Permission.SETTINGS)
    card = next((one for one in orders.connections([shop.id]) if one.connector == connector), None)
    if card is None:
        raise Http404
    return desk, shop, card


def _row(name: str, card: ConnectionCard | None, shop: ShopCard, reader: Reader) -> ListRow:
    href = reverse("desk:connection", args=[shop.slug, name])
    if card is None or not card.active:
        return ListRow(words.CONNECTORS[name], href, _("Connect it by its keys."), Chip(_("Not connected")))
    heard = max((at for at in (card.heard_at, card.caught_up_to) if at), default=None)
    if card.failure:
        chip = Chip(_("Needs attention"), Tone.LATE, "alert-circle")
    elif card.phase:
        chip = Chip(_("Being read"), Tone.NEW)
    else:
        chip = Chip(_("Works"), Tone.DONE)
    return ListRow(
        title=words.CONNECTORS[name],
        href=href,
        text=_progress(card, reader),
        chip=chip,
        when=reader.when(heard) if heard else None,
        trouble=failure(card),
    )


def _progress(card: ConnectionCard, reader: Reader) -> str:
    if not card.phase:
        return ""
    if card.total:
        return _("%(done)s of %(total)s read") % {
            "done": reader.number(card.done),
            "total": reader.number(card.total),
        }
    return _("%(done)s read") % {"done": reader.number(card.done)}


def failure(card: ConnectionCard) -> str:
    """Why a source could not be read, and what to do."""
    known = {
        "bad_credentials": _("The keys are refused. Enter them again."),
        "not_allowed": _("The keys may not read orders. Give them that right in the shop's system."),
        "not_found": _("There is no shop at this address. Check it."),
        "unreachable": _("The shop's system does not answer. It is tried again by itself."),
    }
    said = known.get(card.failure, _("Reading failed. It is tried again by itself.")) if card.failure else ""
    return f"{said} ({card.failure_detail})" if said and card.failure_detail else said


def _page(request: HttpRequest, desk: Desk, shop: ShopCard, form: KeysForm, connector: str) -> HttpResponse:
    card = next((one for one in orders.connections([shop.id]) if one.connector == connector), None)
    connected = card if card is not None and card.active else None
    back = Link(_("All sources of orders"), reverse("desk:connections", args=[shop.slug]))
    text = _(
        "Find them in the settings of your shop's system. They are kept encrypted and never shown again."
    )
    where = [shop.slug, connector]
    acts = (
        Act(_("Read all orders again"), reverse("desk:read_connection", args=where), "refresh"),
        Act(_("Disconnect"), reverse("desk:disconnect", args=where), "x"),
    )
    hook = (
        (
            (
                _("Address for webhooks"),
                request.build_absolute_uri(reverse("inbound:orders", args=[connected.id])),
            ),
        )
        if connected
        else ()
    )
    page = FormPage(
        shown.frame(desk, shop, "desk:connections", title=words.CONNECTORS[connector]),
        Form(
            request.path,
            (Section(_("Keys"), fields.fields(form), text),),
            _("Connect"),
            fields.problem(form),
            back,
        ),
        acts=acts if connected else (),
        notice=_progress(connected, desk.reader(shop.id)) if connected else "",
        trouble=failure(connected) if connected else "",
        addresses=hook,
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/settings_form.html", page, place="settings", status=status)
