"""Letting customers in by a code, and keeping what they say and send."""

from __future__ import annotations

import secrets as random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_address, ip_network

import msgspec
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from opieka.channels.commands import NewFile, store_files
from opieka.conversations.commands import tell
from opieka.conversations.types import Notice
from opieka.customers import queries as customers
from opieka.customers.types import ContactKind, ContactPoint
from opieka.deliveries import commands as deliveries
from opieka.deliveries import queries as pages
from opieka.deliveries.types import ArrivalNews, Choice
from opieka.kernel import clock, secrets
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, Invalid, NotFound
from opieka.orders import queries as orders
from opieka.orders.types import OrderCard
from opieka.portal.models import Entry

LASTS = timedelta(minutes=15)
OPEN_FOR = timedelta(days=1)
"""How long an order can be seen by whoever had its code."""
KEPT = timedelta(days=1)
TRIES = 5
AN_HOUR = timedelta(hours=1)
LIMITS = {"number": 5, "contact": 5, "remote": 20, "network": 100}
"""Codes asked for in an hour: for an order, to a contact, from an address, from a network (see `_near`)."""
OF_A_SHOP = 1000
"""Codes asked for in an hour of a whole shop: with five tries each, half a per cent of all codes can be tried."""
MOST_PHOTOS, LARGEST_PHOTO = 6, 10_000_000
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


class TooMany(Conflict):
    status = 429
    code = "too_many"
    sentence = _("That was asked for too often. Try again in an hour, or write to the shop.")


class WrongCode(Invalid):
    code = "wrong_code"
    sentence = _(
        "This code is not right, or it is too old. Look at the latest message, or ask for a new code."
    )


class NotAPicture(Invalid):
    code = "not_a_picture"
    sentence = _("Send up to %(most)s pictures, each of at most %(megabytes)s MB.")


class Asked(msgspec.Struct):
    """What somebody typed in."""

    number: str
    contact: str


@dataclass(frozen=True)
class Knock:
    """Somebody at the door: what she typed in, from which network address, in which language."""

    number: str
    contact: str
    remote: str
    language: str


@transaction.atomic
def knock(shop_id: int, *, knock: Knock, by: Actor) -> str:
    """Begin to let somebody in; returns the name of the attempt. TooMany.

    The same is done whether there is such an order or not: it is looked for in a job, which sends the code.
    """
    from opieka.portal.jobs import send_code

    name, now = secrets.token(), clock.now()
    digests = {
        "number": _digest(shop_id, "number", orders.number_key(knock.number)),
        "contact": _digest(shop_id, "contact", "".join(knock.contact.split()).casefold()),
        "remote": _digest(shop_id, "remote", _near(knock.remote, 32, 64)),
        "network": _digest(shop_id, "network", _near(knock.remote, 24, 48)),
    }
    with connection.cursor() as cursor:  # counting and adding is one step
        cursor.execute("select pg_advisory_xact_lock(hashtext('portal'), %s)", [shop_id])
    lately = Entry.objects.filter(shop_id=shop_id, made_at__gt=now - AN_HOUR).aggregate(
        shop=Count("id"), **{kind: Count("id", filter=Q(**{kind: digests[kind]})) for kind in LIMITS}
    )
    if any(lately[kind] >= most for kind, most in {**LIMITS, "shop": OF_A_SHOP}.items()):
        raise TooMany
    asked = msgspec.json.encode(Asked(knock.number[:60], knock.contact[:200])).decode()
    row = Entry.objects.create(
        shop_id=shop_id,
        name=secrets.digest(name),
        asked=secrets.encrypt(asked),
        language=knock.language,
        made_at=now,
        **digests,
    )
    send_code.defer(entry_id=row.pk)
    return name


@transaction.atomic
def issue_code(entry_id: int, *, by: Actor) -> None:
    """Send a code to whoever placed the order that was asked for; nothing happens where there is none."""
    row = Entry.objects.select_for_update().filter(id=entry_id, code="", used_at=None).first()
    if row is None:
        return
    order = _wanted(row)
    if order is None or order.customer_id is None:
        return
    code = f"{random.randbelow(1_000_000):06d}"
    row.order_id, row.code = order.id, _digest(row.pk, "code", code)
    row.save(update_fields=["order_id", "code"])
    with translation.override(row.language):
        words = text(
            "Your code is %(code)s. It is valid for 15 minutes. Nobody of the shop will ask you for it."
        )
        notice = Notice(
            shop_id=row.shop_id,
            customer_id=order.customer_id,
            subject=text("Your code for order %(number)s") % {"number": order.number},
            text=words % {"code": code},
            language=row.language,
            about=f"order:{order.id}",
        )
    tell(notice, key=f"portal:{row.pk}", by=by)


def enter(shop_id: int, *, name: str, code: str, by: Actor) -> str:
    """Take a code in: the key to the order's page, once. NotFound for an attempt that is over; WrongCode."""
    with transaction.atomic():  # the try counts also when it was wrong
        row = Entry.objects.select_for_update().filter(shop_id=shop_id, name=secrets.digest(name)).first()
        if row is None or row.used_at is not None or row.made_at < clock.now() - LASTS:
            raise NotFound
        row.tries += 1
        given = _digest(row.pk, "code", "".join(code.split()))
        right = row.tries <= TRIES and random.compare_digest(given, row.code) and row.order_id is not None
        if right:
            row.used_at = clock.now()
        row.save(update_fields=["tries", "used_at"])
    if not right or row.order_id is None:
        raise WrongCode
    return pages.page_key(row.order_id, shop_id=shop_id, until=clock.now() + OPEN_FOR)


@transaction.atomic
def tell_arrival(
    parcel_id: int, *, shop_id: int, news: ArrivalNews, photos: Sequence[bytes], key: str, by: Actor
) -> None:
    """Keep how it arrived with the pictures of it. NotAPicture."""
    told = replace(news, photos=_pictures(photos, shop_id))
    deliveries.tell_arrival(parcel_id, shop_id=shop_id, news=told, key=key, by=by)


@transaction.atomic
def choose(
    parcel_id: int, *, shop_id: int, choice: Choice, photos: Sequence[bytes], key: str, by: Actor
) -> None:
    """Keep what she decided, with pictures of the place. NotAPicture, and what `deliveries.choose` raises."""
    chosen = replace(choice, photos=_pictures(photos, shop_id))
    deliveries.choose(parcel_id, shop_id=shop_id, choice=chosen, key=key, by=by)


def _pictures(photos: Sequence[bytes], shop_id: int) -> tuple[str, ...]:
    """Stored under their hashes: untrusted bytes, taken for what they are. NotAPicture."""
    if len(photos) > MOST_PHOTOS or any(len(photo) > LARGEST_PHOTO for photo in photos):
        raise NotAPicture(most=MOST_PHOTOS, megabytes=LARGEST_PHOTO // 1_000_000)
    stored = store_files([NewFile(photo) for photo in photos], shop_id=shop_id) if photos else []
    if any(file.content_type not in PICTURES for file in stored):
        raise NotAPicture(most=MOST_PHOTOS, megabytes=LARGEST_PHOTO // 1_000_000)
    return tuple(dict.fromkeys(file.sha256 for file in stored))


def forget_old() -> None:
    """Drop what limits are no more counted by."""
    Entry.objects.filter(made_at__lt=clock.now() - KEPT).delete()


def _wanted(row: Entry) -> OrderCard | None:
    """The order of that number whose buyer has that contact."""
    asked = msgspec.json.decode(secrets.decrypt(row.asked), type=Asked)
    kind = ContactKind.EMAIL if "@" in asked.contact else ContactKind.PHONE
    person = customers.recognised([ContactPoint(kind, asked.contact)], shop_id=row.shop_id)
    if person is None:
        return None
    known = customers.lineage(person)
    found = orders.by_number(asked.number, shop_ids=[row.shop_id])
    return next((order for order in found if order.customer_id in known), None)


def _near(remote: str, bits: int, long_bits: int) -> str:
    """The network an address is in, of so many bits (`long_bits` of IPv6, where one person has a whole /64)."""
    try:
        address = ip_address(remote)
    except ValueError:
        return remote
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ip_network((address, bits if address.version == 4 else long_bits), strict=False))


def _digest(within: int, kind: str, value: str) -> str:
    return secrets.sign(f"portal {kind}"[:16], f"{within}:{value}")
