"""What `opieka check` tells an operator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.project import examine
from opieka.webhooks import commands
from opieka.webhooks.models import Endpoint
from opieka.webhooks.types import DisabledBecause, Target
from tests.factories import make_shop

pytestmark = pytest.mark.django_db


def about_webhooks() -> list[str]:
    return [f"{one.problem} {one.remedy}" for one in examine.findings() if "webhook" in one.problem]


def test_a_webhook_that_has_failed_for_long_is_told_with_its_page(noon: object) -> None:
    shop = make_shop()
    target = Target("https://erp.example.com/hooks?key=secret")
    endpoint, _secret = commands.add_endpoint(shop.id, target=target, by=SYSTEM)
    Endpoint.objects.update(failing_since=clock.now() - timedelta(hours=23))
    assert about_webhooks() == []
    Endpoint.objects.update(failing_since=F("failing_since") - timedelta(hours=1))
    (told,) = about_webhooks()
    assert "erp.example.com has failed since 2026-11-22 12:00 UTC." in told
    assert told.endswith(f"/settings/{shop.slug}/webhooks/{endpoint}/")
    assert "key=secret" not in told
    Endpoint.objects.update(active=False, disabled_because=DisabledBecause.FAILING)
    assert "and is disabled for it" in about_webhooks()[0]
    commands.set_active(endpoint, shop_id=shop.id, active=False, by=SYSTEM)
    Endpoint.objects.update(disabled_because=DisabledBecause.ASKED)
    assert about_webhooks() == []
