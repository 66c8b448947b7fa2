"""The live feed: everybody hears of everything in her shops, from one process and from several."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Collection

import pytest
from django.db import connection, transaction

from opieka.kernel.actor import SYSTEM
from opieka.project import database
from opieka.timeline.commands import record
from opieka.timeline.live import BACKLOG, Feed, TooFarBehind
from opieka.timeline.types import Entry, Position
from tests.timeline.facts import Happened
from tests.timeline.test_reading import open_transaction

pytestmark = pytest.mark.django_db(transaction=True)

WITHIN = 5.0


def happen(number: int, shop: int = 1) -> None:
    with transaction.atomic():
        record(Happened(number=number), shop_id=shop, customer_id=7, subject="thing:1", by=SYSTEM)
    connection.close()


class Browser:
    """Reads one feed and remembers its place, as a browser does."""

    def __init__(self, feed: Feed, shops: Collection[int] = (1,), since: Position | None = None) -> None:
        self.place = since
        self._entries: AsyncGenerator[tuple[Position, Entry]] = feed.listen(shops, since)

    async def hear(self) -> int:
        self.place, entry = await asyncio.wait_for(anext(self._entries), WITHIN)
        assert isinstance(entry.fact, Happened)
        return entry.fact.number

    async def leave(self) -> None:
        await self._entries.aclose()


def with_feeds(count: int, story: Callable[..., object]) -> None:
    """Run a story with so many web processes' feeds."""
    address = database.address(connection.settings_dict)

    async def run() -> None:
        feeds = [Feed(address) for _ in range(count)]
        tailers = [asyncio.create_task(feed.run()) for feed in feeds]
        try:
            await story(*feeds)  # type: ignore[misc]  # a story is a coroutine function
        finally:
            for tailer in tailers:
                tailer.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await tailer

    asyncio.run(run())


async def started(*browsers: Browser) -> list[asyncio.Task[int]]:
    """Browsers that wait for their next event."""
    tasks = [asyncio.create_task(browser.hear()) for browser in browsers]
    await asyncio.sleep(0.2)  # until they are registered with their feeds
    return tasks


def test_every_process_tells_its_browsers() -> None:
    async def story(one: Feed, two: Feed) -> None:
        browsers = [Browser(one), Browser(one), Browser(two)]
        waiting = await started(*browsers)
        await asyncio.to_thread(happen, 1)
        assert await asyncio.gather(*waiting) == [1, 1, 1]

    with_feeds(2, story)


def test_nobody_hears_of_other_shops() -> None:
    async def story(feed: Feed) -> None:
        mine, both = Browser(feed, [1]), Browser(feed, [1, 2])
        waiting = await started(mine, both)
        await asyncio.to_thread(happen, 1, 2)
        await asyncio.to_thread(happen, 2, 1)
        assert await asyncio.gather(*waiting) == [2, 1]
        assert await both.hear() == 2

    with_feeds(1, story)


def test_who_comes_back_at_another_process_has_missed_nothing() -> None:
    async def story(one: Feed, two: Feed) -> None:
        browser = Browser(one)
        waiting = await started(browser)
        await asyncio.to_thread(happen, 1)
        await asyncio.gather(*waiting)
        await browser.leave()
        for number in (2, 3, 4):
            await asyncio.to_thread(happen, number)
        again = Browser(two, since=browser.place)
        assert [await again.hear() for _ in range(3)] == [2, 3, 4]
        waiting = await started(again)
        await asyncio.to_thread(happen, 5)
        assert await asyncio.gather(*waiting) == [5]

    with_feeds(2, story)


def test_a_late_commit_of_an_early_touchpoint_is_heard_after_a_reconnect() -> None:
    async def story(feed: Feed) -> None:
        browser = Browser(feed)
        waiting = await started(browser)
        await asyncio.to_thread(happen, 1)
        await asyncio.gather(*waiting)
        with contextlib.ExitStack() as stack:
            commit = await asyncio.to_thread(stack.enter_context, open_transaction(2))
            await asyncio.to_thread(happen, 3)
            await browser.leave()
            await asyncio.to_thread(commit)
        again = Browser(feed, since=browser.place)
        assert [await again.hear(), await again.hear()] == [2, 3]

    with_feeds(1, story)


def test_who_was_away_too_long_is_told_to_load_anew() -> None:
    def flood() -> None:
        with transaction.atomic():
            for number in range(BACKLOG + 1):
                record(Happened(number=number), shop_id=1, customer_id=7, subject="", by=SYSTEM)
        connection.close()

    place: list[Position | None] = []

    async def before(feed: Feed) -> None:
        browser = Browser(feed)
        waiting = await started(browser)
        await asyncio.to_thread(happen, 1)
        await asyncio.gather(*waiting)
        place.append(browser.place)

    async def after(feed: Feed) -> None:
        with pytest.raises(TooFarBehind):
            await Browser(feed, since=place[0]).hear()

    with_feeds(1, before)
    flood()
    with_feeds(1, after)
