"""A shop's logo: in the mails it writes and on its customers' pages."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.channels.commands.files import NewFile, release_files, store_file
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Invalid
from opieka.shops import commands as shops
from opieka.shops import queries

LARGEST_LOGO = 200_000
KINDS = frozenset({"image/png", "image/jpeg", "image/webp"})


class BadLogo(Invalid):
    code = "bad_logo"
    sentence = _("A logo is a PNG, JPEG or WebP picture of at most %(kilobytes)s kB.")


@transaction.atomic
def set_logo(shop_id: int, picture: bytes, *, by: Actor) -> None:
    """Take a picture as the shop's logo, for what its bytes say it is; b"" for none. BadLogo."""
    before, stored = queries.shop(shop_id).logo, ""
    if picture:
        card = store_file(NewFile(picture), shop_id=shop_id) if len(picture) <= LARGEST_LOGO else None
        if card is None or card.content_type not in KINDS:
            raise BadLogo(kilobytes=LARGEST_LOGO // 1000)
        stored = card.sha256
    shops.set_logo(shop_id, sha256=stored, by=by)
    if before != stored:
        release_files([before], shop_id=shop_id, by=by)
