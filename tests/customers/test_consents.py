"""What people allow: the last word counts, of two the stricter."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from opieka.customers import commands, queries
from opieka.customers.models import Consent as Row
from opieka.customers.types import (
    Consent,
    ConsentChannel,
    ConsentSource,
    ContactKind,
    ContactPoint,
    Purpose,
)
from opieka.kernel import clock
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.shops.types import ShopCard
from opieka.timeline import queries as timeline
from tests.customers.consents import say
from tests.factories import make_shop

pytestmark = pytest.mark.django_db
EMAIL, SMS = ConsentChannel.EMAIL, ConsentChannel.SMS


def meet(shop: ShopCard, address: str) -> int:
    return commands.recognise([ContactPoint(ContactKind.EMAIL, address)], shop_id=shop.id, by=SYSTEM)


def may(customer_id: int, channel: ConsentChannel = EMAIL) -> bool:
    return queries.may(customer_id, Purpose.MARKETING, channel)


def test_nothing_said_is_no_and_service_needs_no_word(noon: datetime) -> None:
    shop = make_shop()
    anna = meet(shop, "anna@example.com")
    assert not may(anna)
    assert queries.may(anna, Purpose.SERVICE, EMAIL)
    with pytest.raises(commands.NeedsNoConsent):
        say(shop, anna, False, purpose=Purpose.SERVICE)


def test_the_last_word_of_one_purpose_and_channel_counts(noon: datetime) -> None:
    shop = make_shop()
    anna = meet(shop, "anna@example.com")
    say(shop, anna, True)
    assert may(anna)
    assert not may(anna, SMS)
    assert not queries.may(anna, Purpose.SURVEYS, EMAIL)
    say(shop, anna, False)
    assert not may(anna)
    say(shop, anna, True, at=noon - timedelta(days=9))
    assert not may(anna), "an older yes, imported later, changes nothing"
    assert Row.objects.filter(customer_id=anna).count() == 3, "every word is kept"
    kinds = [entry.fact.kind for entry in timeline.of_customers([anna], shop_ids=[shop.id])]
    assert kinds == ["ConsentWithdrawn", "ConsentGiven", "CustomerMet", "ConsentGiven"]


def test_what_cannot_be_said(noon: datetime) -> None:
    shop, stranger = make_shop(), make_shop()
    anna = meet(shop, "anna@example.com")
    with pytest.raises(commands.NotSaidYet):
        say(shop, anna, True, at=noon + timedelta(seconds=1))
    with pytest.raises(NotFound):
        say(stranger, anna, True)
    spoken = Consent(Purpose.MARKETING, EMAIL, True, ConsentSource.AGENT, "Anna said: yes")
    with pytest.raises(commands.BadWording):
        commands.record_consent(anna, consent=spoken, shop_id=shop.id, by=SYSTEM)


def test_after_a_merge_the_stricter_word_counts_until_she_speaks_again(noon: datetime) -> None:
    shop = make_shop()
    anna, caller = meet(shop, "anna@example.com"), meet(shop, "anna@work.example")
    say(shop, anna, True)
    say(shop, caller, False, at=noon - timedelta(days=30))
    merge_id = commands.merge(anna, loser_id=caller, shop_id=shop.id, by=SYSTEM)
    assert not may(anna)
    assert not may(caller)
    clock.advance(timedelta(minutes=5))
    say(shop, caller, True)
    assert may(anna), "said as the one she is now"
    commands.unmerge(merge_id, shop_id=shop.id, by=SYSTEM)
    assert may(anna), "what came after the merge stays with the winner"
    assert not may(caller)
