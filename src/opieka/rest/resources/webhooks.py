"""Outgoing webhooks: their addresses, what was sent to them, and sending it again."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from ninja import Query

from opieka.kernel.errors import NotFound
from opieka.rest import paging
from opieka.rest.fields import Page, Paging, PathId
from opieka.rest.operations import Request, Resource, address
from opieka.rest.schemas.webhooks import (
    AddedWebhook,
    NewWebhook,
    Replayed,
    RotatedSecret,
    Since,
    Webhook,
    WebhookChange,
    WebhookDelivery,
    WebhookDeliveryInFull,
)
from opieka.shops.types import Permission
from opieka.webhooks import commands, queries
from opieka.webhooks.types import DeliveryCard, DeliveryState, Target

webhooks = Resource("webhooks")


class Log(Paging):
    """Which deliveries of a webhook's log."""

    state: DeliveryState | None = None


@webhooks.get("/webhooks", Permission.SETTINGS, Page[Webhook])
def list_webhooks(request: Request) -> Page[Webhook]:
    """The addresses that are told of facts, and how they are."""
    found = queries.endpoints([request.caller.shop_id])
    return Page[Webhook](items=[Webhook.of(card) for card in found], next=None)


@webhooks.get("/webhooks/{webhook_id}", Permission.SETTINGS, Webhook)
def get_webhook(request: Request, webhook_id: PathId) -> Webhook:
    """One address and how it is."""
    return Webhook.of(queries.endpoint(webhook_id, shop_ids=[request.caller.shop_id]))


@webhooks.create("/webhooks", Permission.SETTINGS, AddedWebhook)
def add_webhook(request: Request, response: HttpResponse, body: NewWebhook) -> AddedWebhook:
    """Tell an address of facts from now on; its secret is told this once."""
    caller = request.caller
    target = Target(body.url, body.description, tuple(body.kinds))
    webhook_id, secret = commands.add_endpoint(caller.shop_id, target=target, by=caller.actor)
    response.headers["Location"] = address("get_webhook", webhook_id=webhook_id)
    return AddedWebhook(**get_webhook(request, webhook_id).model_dump(), secret=secret)


@webhooks.patch("/webhooks/{webhook_id}", Permission.SETTINGS, Webhook)
def change_webhook(request: Request, webhook_id: PathId, body: WebhookChange) -> Webhook:
    """Change the address or its facts, disable it (`active` false) or enable it."""
    caller, given = request.caller, body.given()
    card = queries.endpoint(webhook_id, shop_ids=[caller.shop_id])
    active = given.pop("active", card.active)
    if given:
        target = Target(
            given.get("url", card.url),
            given.get("description", card.description),
            tuple(given.get("kinds", card.kinds)),
        )
        commands.change_endpoint(webhook_id, shop_id=caller.shop_id, target=target, by=caller.actor)
    commands.set_active(webhook_id, shop_id=caller.shop_id, active=active, by=caller.actor)
    return get_webhook(request, webhook_id)


@webhooks.delete("/webhooks/{webhook_id}", Permission.SETTINGS)
def remove_webhook(request: Request, webhook_id: PathId) -> None:
    """Tell it nothing more, and forget its log."""
    commands.remove_endpoint(webhook_id, shop_id=request.caller.shop_id, by=request.caller.actor)


@webhooks.post("/webhooks/{webhook_id}/secret", Permission.SETTINGS, RotatedSecret)
def rotate_webhook_secret(request: Request, webhook_id: PathId) -> RotatedSecret:
    """A new secret; for a day what is sent is signed by both."""
    caller = request.caller
    secret = commands.rotate_secret(webhook_id, shop_id=caller.shop_id, by=caller.actor)
    return RotatedSecret(secret=secret, old_secret_until=get_webhook(request, webhook_id).old_secret_until)


@webhooks.create("/webhooks/{webhook_id}/test", Permission.SETTINGS, WebhookDeliveryInFull)
def test_webhook(request: Request, response: HttpResponse, webhook_id: PathId) -> WebhookDeliveryInFull:
    """Send a test, once; its delivery tells what came of it."""
    caller = request.caller
    delivery_id = commands.send_test(webhook_id, shop_id=caller.shop_id, by=caller.actor)
    where = {"webhook_id": webhook_id, "delivery_id": delivery_id}
    response.headers["Location"] = address("get_webhook_delivery", **where)
    return get_webhook_delivery(request, webhook_id, delivery_id)


@webhooks.get("/webhooks/{webhook_id}/deliveries", Permission.SETTINGS, Page[WebhookDelivery])
def list_webhook_deliveries(request: Request, webhook_id: PathId, query: Query[Log]) -> Page[WebhookDelivery]:
    """What was, is or will be sent to an address, newest first."""
    shop_ids = [request.caller.shop_id]
    queries.endpoint(webhook_id, shop_ids=shop_ids)
    place = paging.decode(query.cursor, tuple[int])
    found = queries.deliveries(
        webhook_id,
        shop_ids=shop_ids,
        states=[query.state] if query.state else (),
        before_id=place[0] if place else None,
        limit=query.limit + 1,
    )
    shown = found[: query.limit]
    more = paging.encode([shown[-1].id]) if len(found) > len(shown) else None
    return Page[WebhookDelivery](items=[WebhookDelivery.of(card) for card in shown], next=more)


@webhooks.get("/webhooks/{webhook_id}/deliveries/{delivery_id}", Permission.SETTINGS, WebhookDeliveryInFull)
def get_webhook_delivery(request: Request, webhook_id: PathId, delivery_id: PathId) -> WebhookDeliveryInFull:
    """One delivery with its attempts and its body."""
    card = _delivery(request, webhook_id, delivery_id)
    body = queries.body(card, shop_ids=[request.caller.shop_id])
    return WebhookDeliveryInFull.make(card, msgspec.json.decode(body) if body else None)


@webhooks.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", Permission.SETTINGS, WebhookDelivery)
def replay_webhook_delivery(request: Request, webhook_id: PathId, delivery_id: PathId) -> WebhookDelivery:
    """Send one again, under the same message id."""
    _delivery(request, webhook_id, delivery_id)
    commands.replay(delivery_id, shop_id=request.caller.shop_id, by=request.caller.actor)
    return WebhookDelivery.of(_delivery(request, webhook_id, delivery_id))


@webhooks.post("/webhooks/{webhook_id}/replay", Permission.SETTINGS, Replayed)
def replay_webhook(request: Request, webhook_id: PathId, body: Since) -> Replayed:
    """Send again whatever has failed or was given up since a moment."""
    caller = request.caller
    count = commands.replay_failed(webhook_id, shop_id=caller.shop_id, since=body.since, by=caller.actor)
    return Replayed(count=count)


def _delivery(request: Request, webhook_id: int, delivery_id: int) -> DeliveryCard:
    card = queries.delivery(delivery_id, shop_ids=[request.caller.shop_id])
    if card.endpoint_id != webhook_id:
        raise NotFound
    return card
