"""Asks a carrier through a connector of Karrio, when the extra is installed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx

from opieka.deliveries.carriers.base import Context, Json, Reading, Refused, batches, merged
from opieka.deliveries.carriers.karrio import mapping

BATCH = 10


class Karrio:
    """One connector, with its own settings as a JSON object (`{"client_id": "...", "account_country_code": "DE"}`)."""

    def __init__(self, credentials: Mapping[str, str], context: Context, http: httpx.Client) -> None:
        self._connector = credentials["connector"].strip().casefold()
        self._settings = _settings(credentials["settings"])
        self._context = _zoned(context, credentials.get("zone", ""))

    def track(self, numbers: tuple[str, ...]) -> Reading:
        gateway = self._gateway()
        return merged(self._some(gateway, some) for some in batches(numbers, BATCH))

    def _gateway(self) -> Any:
        try:
            from karrio import sdk
            from karrio.core.errors import ShippingSDKError
        except ImportError as error:
            raise Refused("not_installed", "opieka[karrio]") from error
        try:
            return sdk.gateway[self._connector].create(self._settings)
        except (ShippingSDKError, TypeError, AttributeError) as error:
            # A connector that is not there, or settings that are not its own.
            raise Refused("bad_credentials", str(error)[:200]) from error

    def _some(self, gateway: Any, numbers: tuple[str, ...]) -> Reading:
        from karrio import lib, sdk

        try:
            details, messages = sdk.Tracking.fetch({"tracking_numbers": list(numbers)}).from_(gateway).parse()
        except OSError as error:
            raise Refused("unreachable", str(error)[:200]) from error
        found: list[Json] = [lib.to_dict(one) for one in details or []]
        if not found and messages:
            raise Refused("answer", f"{messages[0].code} {messages[0].message}"[:200])
        return mapping.reading(found, self._connector, self._context)


def _settings(written: str) -> Json:
    try:
        found = json.loads(written)
    except ValueError as error:
        raise Refused("bad_credentials", "settings") from error
    if not isinstance(found, dict):
        raise Refused("bad_credentials", "settings")
    return found


def _zoned(context: Context, zone: str) -> Context:
    try:
        return Context(zone=ZoneInfo(zone.strip())) if zone.strip() else context
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refused("bad_credentials", "zone") from error
