"""The live feed: one tailer per process reads the log once and hands each entry to whoever may see it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from dataclasses import dataclass, field
from typing import Any

import psycopg

from opieka.timeline import reading
from opieka.timeline.commands import CHANNEL
from opieka.timeline.types import Entry, Position

CAUGHT_UP_WAIT = 5.0
BEHIND_WAIT = 0.1
BATCH = 500
BACKLOG = 2000


class TooFarBehind(Exception):
    """A listener fell so far back that it should load its page anew instead of being told everything."""


@dataclass(eq=False)
class Listener:
    """One browser: the shops it may hear of and what waits to be sent to it."""

    shop_ids: frozenset[int]
    waiting: asyncio.Queue[tuple[Position, Entry]] = field(default_factory=lambda: asyncio.Queue(BACKLOG))
    overrun: bool = False


class Feed:
    """The process's tailer. `run` it once; `listen` any number of times."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._listeners: set[Listener] = set()
        self._position = Position(0, 0, 0)
        self._started = asyncio.Event()

    async def run(self) -> None:
        """Tail the log for ever; reconnects when the database went away."""
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                async with await psycopg.AsyncConnection.connect(
                    self._conninfo, autocommit=True
                ) as connection:
                    await self._tail(connection)
            await asyncio.sleep(1)

    async def listen(
        self, shop_ids: Collection[int], since: Position | None
    ) -> AsyncGenerator[tuple[Position, Entry]]:
        """Entries of some shops as they come, first those recorded after `since`; TooFarBehind."""
        await self._started.wait()
        listener = Listener(frozenset(shop_ids))
        self._listeners.add(listener)
        # From here on new entries queue up, so what is read below and what queues meet without a gap.
        reached = self._position
        try:
            if since is not None:
                async for place, entry in self._missed(listener.shop_ids, since, reached):
                    yield place, entry
            while not listener.overrun:
                yield await listener.waiting.get()
            raise TooFarBehind
        finally:
            self._listeners.discard(listener)

    async def _tail(self, connection: psycopg.AsyncConnection) -> None:
        await connection.execute(f"LISTEN {CHANNEL}")
        if not self._started.is_set():
            xmin = await _value(connection, reading.HORIZON)
            self._position = Position(xmin, xmin, 0)
        self._started.set()
        while True:
            await self._catch_up(connection)
            behind = await _value(connection, reading.BEHIND, [self._position.high])
            timeout = BEHIND_WAIT if behind else CAUGHT_UP_WAIT
            async for _ in connection.notifies(timeout=timeout, stop_after=1):
                pass

    async def _catch_up(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            before = self._position
            window, found, self._position = await _read(connection, before)
            for entry in found:
                self._hand_out(Position(window.low, window.high, entry.id), entry)
            if self._position == before:
                return

    def _hand_out(self, place: Position, entry: Entry) -> None:
        for listener in self._listeners:
            if entry.shop_id in listener.shop_ids:
                try:
                    listener.waiting.put_nowait((place, entry))
                except asyncio.QueueFull:
                    listener.overrun = True

    async def _missed(
        self, shop_ids: frozenset[int], since: Position, until: Position
    ) -> AsyncIterator[tuple[Position, Entry]]:
        """What a listener has not seen of the log before `until`, the tailer's place when it joined.

        All but the last carry the old place: whoever is cut off in the middle is told all of it again.
        """
        async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
            seen = [since.low, since.high, since.last_id, until.low, until.high, until.last_id]
            found = await _rows(connection, reading.MISSED, [list(shop_ids), *seen, BACKLOG + 1])
        if len(found) > BACKLOG:
            raise TooFarBehind
        missed = reading.entries(found)
        for entry in missed[:-1]:
            yield since, entry
        for entry in missed[-1:]:
            yield until, entry


async def _read(
    connection: psycopg.AsyncConnection, position: Position
) -> tuple[Position, list[Entry], Position]:
    """One batch: the window it was read in, its entries, and the place after it."""
    if position.low == position.high:
        high = await _value(connection, reading.HORIZON)
        if high <= position.low:
            return position, [], position
        last_id = await _value(connection, reading.OPEN_WINDOW, [position.low, high])
        position = Position(position.low, high, last_id)
    rows = await _rows(connection, reading.READ, reading.read_arguments(position, BATCH, None, None))
    return position, reading.entries(rows), reading.after(position, rows, BATCH)


async def _rows(connection: psycopg.AsyncConnection, sql: str, arguments: list[Any]) -> list[tuple[Any, ...]]:
    return await (await connection.execute(sql, arguments)).fetchall()


async def _value(connection: psycopg.AsyncConnection, sql: str, arguments: list[Any] | None = None) -> Any:
    return (await _rows(connection, sql, arguments or []))[0][0]
