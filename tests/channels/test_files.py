"""Files: stored once, seen by the shops that have them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from opieka.channels import commands, queries
from opieka.channels.commands import FileTooLarge, NewFile
from opieka.channels.models import ShopFile, StoredFile
from opieka.kernel.errors import NotFound
from tests.factories import make_shop

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)
MAIL = b"From: a@b\r\n\r\n" + b"tekst\r\n" * 500


def test_the_same_bytes_are_stored_once() -> None:
    one, two = make_shop().id, make_shop().id
    files = [NewFile(PNG, "image/png", "a.png"), NewFile(MAIL, "message/rfc822"), NewFile(PNG, "", "b.png")]
    cards = commands.store_files(files, shop_id=one)
    commands.store_files(files[:1], shop_id=one)
    commands.store_files(files[:1], shop_id=two)
    assert [card.filename for card in cards] == ["a.png", "", "b.png"]
    assert [card.content_type for card in cards] == ["image/png", "message/rfc822", "image/png"]
    assert StoredFile.objects.count() == 2
    assert ShopFile.objects.count() == 3
    assert queries.file(cards[0].sha256, shop_ids=[two]).data == PNG
    assert queries.file(cards[1].sha256, shop_ids=[one]).data == MAIL
    with pytest.raises(NotFound):
        queries.file(cards[1].sha256, shop_ids=[two])


def test_text_is_stored_small() -> None:
    card = commands.store_file(NewFile(MAIL, "message/rfc822"), shop_id=make_shop().id)
    assert len(bytes(StoredFile.objects.get().body)) < card.size / 10


def test_too_large(settings: Settings) -> None:
    settings.OPIEKA = replace(settings.OPIEKA, max_mail_bytes=1000)
    with pytest.raises(FileTooLarge):
        commands.store_file(NewFile(bytes(1001)), shop_id=make_shop().id)


def test_nothing_to_store() -> None:
    assert commands.store_files([], shop_id=make_shop().id) == []
