"""Providers' webhooks: kept when they are genuine, read later, for that may mean to ask the provider for more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from anymail.signals import EventType, RejectReason
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest

from opieka.channels import commands as channels
from opieka.channels import queries as channel_queries
from opieka.channels.adapters.anymail import client, mapping
from opieka.channels.adapters.base import ChannelError
from opieka.channels.types import AccountCard, Bounce, BounceKind, Reported
from opieka.inbound import commands
from opieka.inbound.types import NewPayload, Source, Stored

_BACK = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
_TOLD = {
    EventType.DEFERRED: Reported.DEFERRED,
    EventType.DELIVERED: Reported.DELIVERED,
    EventType.OPENED: Reported.OPENED,
    EventType.CLICKED: Reported.OPENED,
    EventType.COMPLAINED: Reported.COMPLAINED,
}
_FOR_NOW = {RejectReason.TIMED_OUT, RejectReason.OTHER, RejectReason.BLOCKED, RejectReason.SPAM}


@dataclass(frozen=True)
class Work:
    """What a call said: mails, messages of ours that came back, and what became of others."""

    mails: tuple[NewPayload, ...] = ()
    bounces: tuple[tuple[frozenset[str], Bounce], ...] = ()
    reports: tuple[tuple[frozenset[str], Reported], ...] = ()


def genuine(request: HttpRequest, account: AccountCard, provider: str, *, events: bool) -> bool:
    """Whether a call comes from the provider this mailbox works with."""
    if provider != account.provider:
        return False
    options = channel_queries.account_details(account.id).options
    try:
        return client.genuine(client.hook(provider, options, tracking=events), request)
    except ChannelError:
        return False


def payload(request: HttpRequest, account: AccountCard, *, events: bool) -> NewPayload:
    """A genuine call, to be stored."""
    return NewPayload(
        shop_id=account.shop_id,
        source=Source.PROVIDER_EVENTS if events else Source.PROVIDER_MAIL,
        owner_id=account.id,
        raw=request.body,
        content_type="application/json" if "json" in (request.content_type or "") else "",
        headers={"provider": account.provider, "content_type": request.headers.get("Content-Type", "")},
    )


def read(stored: Stored) -> Work:
    """What a stored call says; may use the network. Whatever is wrong with it is raised."""
    provider, options = stored.headers["provider"], channel_queries.account_details(stored.owner_id).options
    events = stored.source is Source.PROVIDER_EVENTS
    request = _again(stored)
    said = client.hook(provider, options, tracking=events).parse_events(request)
    if events:
        return Work(bounces=tuple(_bounces(said)), reports=tuple(_reports(said)))
    raws = mapping.raw_mails(said, stored.raw, request.POST)
    return Work(mails=tuple(NewPayload(stored.shop_id, Source.MAIL, stored.owner_id, raw) for raw in raws))


def apply(stored: Stored, work: Work) -> None:
    """Keep the mails, mark what came back."""
    commands.accept_many(work.mails)
    for ids, bounce in work.bounces:
        for dispatch_id in channel_queries.dispatches_of(ids, account_id=stored.owner_id):
            channels.mark_bounced(dispatch_id, bounce=bounce)
    for ids, reported in work.reports:
        for dispatch_id in channel_queries.dispatches_of(ids, account_id=stored.owner_id):
            channels.mark_reported(dispatch_id, reported=reported)


def _again(stored: Stored) -> HttpRequest:
    """The call as it was made."""
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": stored.headers["content_type"],
            "CONTENT_LENGTH": str(len(stored.raw)),
            "wsgi.input": BytesIO(stored.raw),
        }
    )


def _bounces(events: Iterable[Any]) -> Iterable[tuple[frozenset[str], Bounce]]:
    for event in events:
        if event.event_type not in _BACK:
            continue
        kind = BounceKind.SOFT if event.reject_reason in _FOR_NOW else BounceKind.HARD
        yield _ids(event), Bounce(kind, "", event.recipient)


def _reports(events: Iterable[Any]) -> Iterable[tuple[frozenset[str], Reported]]:
    for event in events:
        if event.event_type in _TOLD:
            yield _ids(event), _TOLD[event.event_type]


def _ids(event: Any) -> frozenset[str]:
    told = event.metadata.get("message_id") if isinstance(event.metadata, dict) else None
    return frozenset(str(each).strip("<>") for each in (event.message_id, told) if each)
