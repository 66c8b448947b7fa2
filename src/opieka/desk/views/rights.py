"""What a person may ask of the shop about her data."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opieka.conversations import queries as conversations
from opieka.customers import commands, queries
from opieka.customers.types import Consent, ConsentChannel, ConsentSource, Purpose
from opieka.desk.forms.rights import YES, ConsentForm, EraseForm
from opieka.desk.presenters import rights as shown
from opieka.desk.seat import at_desk
from opieka.desk.views import answers, customers
from opieka.desk.views.customers import may_erase
from opieka.kernel.errors import Forbidden, NotFound
from opieka.orders import queries as orders
from opieka.shops import queries as shops
from opieka.shops.types import Permission


@require_POST
def copy(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Have a copy made of all that the shops in which she may hand it out know of a person."""
    desk = at_desk(request)
    card = queries.card(customer_id, shop_ids=desk.ids(Permission.PRIVACY))
    group = set(shops.group_shop_ids(card.group_id))
    commands.request_export(card.id, shop_ids=group & set(desk.ids(Permission.PRIVACY)), by=desk.by)
    answers.say(request, _("The copy is being made. It appears on this page in a moment."))
    return redirect("desk:customer", customer_id)


@require_GET
def fetch_copy(request: HttpRequest, export_id: int) -> StreamingHttpResponse:
    """The copy, while it is kept."""
    made = queries.export(export_id, shop_ids=at_desk(request).ids(Permission.PRIVACY))
    if made.ready_at is None:
        raise NotFound
    answer = StreamingHttpResponse(queries.export_bytes(made.id), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="customer-{made.customer_id}.zip"'
    answer["Content-Length"] = str(made.size)
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Erase a person, after her name was typed once more."""
    desk = at_desk(request)
    card = queries.card(customer_id, shop_ids=desk.ids(Permission.PRIVACY))
    if not may_erase(desk, card):
        raise Forbidden
    form = EraseForm(request.POST or None, name=card.title)
    if form.is_valid():
        shop = customers.shop_for(desk, card.id, Permission.PRIVACY)
        commands.erase(card.id, shop_id=shop, by=desk.by)
        answers.say(request, _("Erased. What others kept of it goes within a minute."))
        return redirect("desk:customers")
    page = shown.erasing(
        card,
        form,
        talks=conversations.count_with(card.lineage, shop_ids=desk.shop_ids),
        orders=sum(orders.counts(card.lineage, shop_ids=desk.shop_ids).values()),
    )
    status = 422 if form.is_bound else 200
    return answers.page(request, "desk/erase.html", page, place="customers", status=status)


@require_POST
def say_consent(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Write down what she allows, as she has told an agent."""
    desk = at_desk(request)
    shop = customers.shop_for(desk, customer_id, Permission.ANSWER)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return customers.on_page(request, customer_id, refused=customers.Refused(say=form), status=422)
    data = form.cleaned_data
    consent = Consent(
        purpose=Purpose(data["purpose"]),
        channel=ConsentChannel(data["channel"]),
        given=data["word"] == YES,
        source=ConsentSource.AGENT,
        wording=data["wording"],
    )
    saying = partial(commands.record_consent, customer_id, consent=consent, shop_id=shop, by=desk.by)
    _done, error = answers.attempt(saying)
    if error is not None:
        form.add_error(None, str(error))
        return customers.on_page(
            request, customer_id, refused=customers.Refused(say=form), status=error.status
        )
    answers.say(request, _("Written down."))
    return redirect("desk:customer", customer_id)
