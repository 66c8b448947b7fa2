"""What a person may ask of the shop about her data."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opieka.customers import commands
from opieka.customers.types import Consent, ConsentChannel, ConsentSource, Purpose
from opieka.desk.forms.rights import YES, ConsentForm
from opieka.desk.seat import at_desk
from opieka.desk.views import answers, customers
from opieka.shops.types import Permission


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
