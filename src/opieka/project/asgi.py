"""The web process: a small Starlette application for `/live`, and Django (WSGI, in threads) for all else."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from importlib import import_module

import msgspec
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import close_old_connections, connection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from opieka.project import assets, boot
from opieka.timeline.live import Feed, TooFarBehind
from opieka.timeline.types import Entry, Position

log = logging.getLogger(__name__)

THREADS = 10
HEARTBEAT = 15.0
# A stream ends and the browser comes back after so long, so that a changed role or a logout counts soon.
LONGEST_STREAM = 600.0


def application() -> Starlette:
    """The ASGI application, for `uvicorn --factory`."""
    boot.ready()
    assets.collect()
    from opieka.project.wsgi import application as django

    feed = Feed(settings.OPIEKA.database_url)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tailer = asyncio.create_task(feed.run())
        yield
        tailer.cancel()

    async def live(request: Request) -> Response:
        shop_ids = await asyncio.to_thread(shops_of, request.cookies.get(settings.SESSION_COOKIE_NAME, ""))
        if not shop_ids:
            return PlainTextResponse("Log in first.", status_code=403)
        stream = events(feed, shop_ids, _since(request))
        return StreamingResponse(
            stream,
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def health(_: Request) -> Response:
        healthy = await asyncio.to_thread(database_answers)
        return PlainTextResponse("ok\n" if healthy else "no database\n", status_code=200 if healthy else 503)

    return Starlette(
        routes=[
            Route("/live", live),
            Route("/healthz", health),
            Mount("/", WSGIMiddleware(django, workers=THREADS)),  # type: ignore[arg-type]  # two spellings of one protocol
        ],
        lifespan=lifespan,
    )


async def events(feed: Feed, shop_ids: frozenset[int], since: Position | None) -> AsyncIterator[str]:
    """The stream one browser reads, as server-sent events; ids are places to resume from."""
    yield "retry: 1000\n\n"
    loop = asyncio.get_running_loop()
    end = loop.time() + LONGEST_STREAM
    entries = feed.listen(shop_ids, since)
    waiting = asyncio.ensure_future(anext(entries))
    try:
        while loop.time() < end:
            done, _ = await asyncio.wait({waiting}, timeout=HEARTBEAT)
            if not done:
                yield ": still here\n\n"
                continue
            place, entry = waiting.result()
            yield event(place, entry)
            waiting = asyncio.ensure_future(anext(entries))
    except TooFarBehind:
        yield "event: reload\ndata: {}\n\n"
    finally:
        waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError, TooFarBehind, StopAsyncIteration):
            await waiting
        await entries.aclose()


def event(place: Position, entry: Entry) -> str:
    """One touchpoint as a server-sent event; ids and codes only."""
    data = {
        "id": entry.id,
        "kind": entry.fact.kind,
        "shop": entry.shop_id,
        "customer": entry.customer_id,
        "subject": entry.subject,
        "by": {"kind": entry.by.kind, "id": entry.by.id},
        "at": entry.at,
    }
    return f"id: {place}\nevent: touchpoint\ndata: {msgspec.json.encode(data).decode()}\n\n"


def shops_of(session_key: str) -> frozenset[int]:
    """The shops a logged-in person may read, by her session."""
    from opieka.shops import queries

    close_old_connections()
    try:
        session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        staff = queries.staff_by_session(
            session.get(SESSION_KEY), session.get(HASH_SESSION_KEY), session.get(BACKEND_SESSION_KEY)
        )
        return frozenset(queries.permissions(staff)) if staff else frozenset()
    finally:
        close_old_connections()


def database_answers() -> bool:
    """Whether the database can be asked something."""
    close_old_connections()
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Exception:  # noqa: BLE001  # whatever is wrong, the answer is no
        return False
    return True


def _since(request: Request) -> Position | None:
    """Where the browser was; its header on a reconnect, or the query of a page's first connection."""
    text = request.headers.get("last-event-id") or request.query_params.get("since") or ""
    try:
        return Position.parse(text)
    except ValueError:
        return None
