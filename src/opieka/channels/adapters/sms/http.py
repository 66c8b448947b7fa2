"""Asking a gateway over HTTP: what its failures mean, whoever it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from opieka.channels.adapters.base import ChannelError
from opieka.channels.types import Trouble
from opieka.kernel import outbound

SECONDS = 30
MAX_BYTES = 500_000


def ask(method: str, url: str, **options: Any) -> httpx.Response:
    """One request. ChannelError when there is no answer; in doubt when the request may have been taken.

    Nothing of the other side's words about the request goes into it: they may quote the text.
    """
    try:
        with outbound.client(timeout=SECONDS, max_bytes=MAX_BYTES) as client:
            return client.request(method, url, **options)
    except outbound.Blocked as error:
        raise ChannelError(Trouble.BLOCKED_HOST, str(error)) from error
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise ChannelError(Trouble.UNREACHABLE, str(error)) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise ChannelError(Trouble.SETTINGS, type(error).__name__) from error
    except httpx.HTTPError as error:
        raise ChannelError(Trouble.IN_DOUBT, type(error).__name__, in_doubt=True) from error


def read(response: httpx.Response) -> Mapping[str, Any]:
    """The JSON object of an answer, empty when it is none."""
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def failed(status: int, words: str) -> ChannelError:
    """What an answer that is no success means, as far as its status tells."""
    if status in {401, 403}:
        return ChannelError(Trouble.LOGIN, words)
    if status == 402:
        return ChannelError(Trouble.CREDIT, words)
    if 400 <= status < 500 and status not in {408, 429}:
        return ChannelError(Trouble.REFUSED_MESSAGE, words, permanent=True)
    return ChannelError(Trouble.BUSY, words)
