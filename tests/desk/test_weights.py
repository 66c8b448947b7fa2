"""What experiences weigh in a shop: set at the desk, counted at once, kept only where it differs."""

from __future__ import annotations

import pytest

from opieka.goodwill import queries as goodwill
from opieka.goodwill.types import WEIGHTS, BalancePreferences, Experience
from opieka.shops import queries as shops
from opieka.shops.types import Role
from tests.desk.conftest import World, signed_in
from tests.factories import make_staff


@pytest.mark.django_db
def test_weights_are_set_and_their_examples_follow(world: World) -> None:
    owner = signed_in(make_staff(world.shop, Role.OWNER))
    address = f"/settings/{world.shop.slug}/balance/"
    assert "Five orders, the last one late: −3" in owner.get(address).content.decode()
    entered = {one.value: str(weight) for one, weight in WEIGHTS.items()}
    wrong = owner.post(address, entered | {"late": "-101", "half_life_days": "365"})
    assert wrong.status_code == 422
    saved = owner.post(address, entered | {"late": "-5", "half_life_days": "30"})
    assert saved.status_code == 302
    kept = shops.preferences(world.shop.id, BalancePreferences)
    assert kept == BalancePreferences(weights={"late": -5}, half_life_days=30)
    assert "Five orders, the last one late: +4" in owner.get(address).content.decode()
    assert goodwill.example([Experience.LATE], shop_id=world.shop.id).to_restore == 5
