"""Webhooks: check who calls, store the call, say thanks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from opieka.channels import queries as channels
from opieka.channels.types import Channel
from opieka.deliveries import queries as delivery_queries
from opieka.inbound import commands, deliveries, orders, providers
from opieka.inbound import texts as text_calls
from opieka.kernel.errors import DomainError, NotFound
from opieka.orders import queries as order_queries

View = Callable[..., HttpResponse]


def _webhook(view: View) -> View:
    """A view that programs call: without a form's token, and with errors as bare status codes."""

    @csrf_exempt
    @require_http_methods(["POST", "HEAD"])
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return HttpResponse(status=error.status)

    return answered


@_webhook
def provider_mail(request: HttpRequest, token: str, provider: str) -> HttpResponse:
    """A provider hands over a mail."""
    return _provider(request, token, provider, events=False)


@_webhook
def provider_events(request: HttpRequest, token: str, provider: str) -> HttpResponse:
    """A provider tells what became of mails we sent."""
    return _provider(request, token, provider, events=True)


@_webhook
def orders_webhook(request: HttpRequest, connection_id: int) -> HttpResponse:
    """An online shop reports something about an order or a product."""
    webhook = order_queries.webhook(connection_id, headers=request.headers, raw=request.body)
    if not webhook.authentic and not webhook.ping:
        return HttpResponse(status=401)
    if webhook.authentic and not webhook.ping:
        commands.accept(orders.payload(request, connection_id, webhook))
    return HttpResponse()


@csrf_exempt
@require_http_methods(["POST", "HEAD", "GET"])
def tracking_webhook(request: HttpRequest, connection_id: int) -> HttpResponse:
    """A carrier reports on parcels. Some try the address by a GET before they use it."""
    try:
        webhook = delivery_queries.webhook(connection_id, deliveries.call(request))
    except DomainError as error:
        return HttpResponse(status=error.status)
    if request.method != "POST":
        return HttpResponse()
    if not webhook.authentic:
        return HttpResponse(status=401)
    commands.accept(deliveries.payload(request, connection_id, webhook))
    return HttpResponse()


@csrf_exempt
@require_http_methods(["POST", "GET", "HEAD"])
def texts(request: HttpRequest, token: str) -> HttpResponse:
    """A text service hands over a text."""
    return _texts(request, token, reports=False)


@csrf_exempt
@require_http_methods(["POST", "GET", "HEAD"])
def text_reports(request: HttpRequest, token: str) -> HttpResponse:
    """A text service tells what became of texts we sent."""
    return _texts(request, token, reports=True)


def _texts(request: HttpRequest, token: str, *, reports: bool) -> HttpResponse:
    account = channels.account_by_token(token, Channel.SMS)
    if account is None:
        return HttpResponse(status=404)
    made = text_calls.call(request)
    if request.method == "HEAD" or not (made.body or made.query):
        return HttpResponse()  # somebody tries whether there is such an address
    gateway = text_calls.gateway(account, made)
    if gateway is None:
        return HttpResponse(status=403)
    commands.accept(text_calls.payload(made, account, reports=reports))
    content_type, body = gateway.reply
    return HttpResponse(body, content_type=content_type)


def _provider(request: HttpRequest, token: str, provider: str, *, events: bool) -> HttpResponse:
    account = channels.account_by_token(token)
    if account is None:
        raise NotFound
    if request.method == "HEAD":
        return HttpResponse()  # some providers try the address so before they use it
    _ = request.body  # read before the fields of a form, which could not be had otherwise
    if not providers.genuine(request, account, provider, events=events):
        return HttpResponse(status=403)
    commands.accept(providers.payload(request, account, events=events))
    return HttpResponse()
