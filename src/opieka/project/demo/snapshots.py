"""The demo's goods and orders as a shop's connector would report them."""

from __future__ import annotations

from datetime import datetime, time

import phonenumbers

from opieka.catalogue.types import ProductSnapshot, VariantSnapshot
from opieka.orders import types as words
from opieka.project.demo.content import ContactPoint, Demo, Order, Parcel, Product, Shop

_CLOSING = time(20)
_CATEGORIES = {
    "outdoor": {"pl": "W drodze", "ru": "В дорогу", "el": "Για την εξοχή", "en": "Outdoors"},
    "home": {"pl": "Do domu", "ru": "Для дома", "el": "Για το σπίτι", "en": "Home"},
    "service": {"pl": "Usługi", "ru": "Услуги", "el": "Υπηρεσίες", "en": "Services"},
    "stationery": {"pl": "Do pisania", "ru": "Для письма", "el": "Για γράψιμο", "en": "Stationery"},
}
_STATUS = {"delivered": words.OrderStatus.COMPLETED, "cancelled": words.OrderStatus.CANCELLED}
_SHIPMENT = {
    "label_created": words.ShipmentStatus.PENDING,
    "out_for_delivery": words.ShipmentStatus.OUT_FOR_DELIVERY,
    "awaiting_collection": words.ShipmentStatus.AWAITING_COLLECTION,
    "delivered": words.ShipmentStatus.DELIVERED,
}


def goods(product: Product, shop: Shop, at: datetime) -> ProductSnapshot:
    """The product as that shop sells it, in its first language."""
    language = shop.languages[0]
    return ProductSnapshot(
        external_id=product.key,
        name=product.names[language],
        updated_at=at,
        currency=shop.currency,
        category=_CATEGORIES[product.kind][language],
        brand=shop.name,
        url=f"{shop.site}/{product.key}",
        variants=tuple(
            VariantSnapshot(
                external_id=variant.sku,
                sku=variant.sku,
                name=variant.names.get(language, ""),
                price=product.prices[shop.slug],
                stock=variant.stock,
                in_stock=variant.stock != 0,
            )
            for variant in product.variants
        ),
    )


def reachable(point: ContactPoint, country: str) -> str:
    """A number in E.164, as a shop's checkout tells it, which knows the country; an address as it is."""
    if point.kind == "email":
        return point.value
    number = phonenumbers.parse(point.value, country)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def snapshot(demo: Demo, order: Order) -> words.OrderSnapshot:
    """The order as it stands; names of goods are in the customer's language."""
    shop, sent = demo.shop[order.shop], order.shipped is not None
    closing = datetime.combine(order.promised, _CLOSING, shop.zone) if order.promised else None
    return words.OrderSnapshot(
        external_id=order.number,
        number=order.number,
        placed_at=order.placed,
        updated_at=_last_change(order),
        currency=shop.currency,
        total=order.total,
        status=_STATUS.get(order.status, words.OrderStatus.OPEN),
        payment_status=_payment_status(order),
        fulfilment_status=words.FulfilmentStatus.FULFILLED if sent else words.FulfilmentStatus.UNFULFILLED,
        contact=_contact(demo, order),
        shipping_address=_address(order),
        billing_address=_address(order),
        note=order.shipping.pickup_point or "",
        promised_at=closing,
        paid_at=order.payments[0].at if order.payments else None,
        cancelled_at=order.cancelled,
        lines=tuple(_lines(demo, order)),
        payments=tuple(
            words.PaymentSnapshot(
                external_id=f"{order.number}-{number}",
                method=payment.method,
                amount=payment.amount,
                status=words.PaymentStatus.PAID,
                paid_at=payment.at,
            )
            for number, payment in enumerate(order.payments, 1)
        ),
        refunds=tuple(_refunds(order, shop.currency)),
        shipments=tuple(_shipment(parcel) for parcel in order.parcels),
    )


def _last_change(order: Order) -> datetime:
    known = [order.placed, order.shipped, order.delivered, order.cancelled]
    known += [payment.at for payment in order.payments]
    known += [refund.at for refund in order.refunds]
    known += [step.at for parcel in order.parcels for step in parcel.steps]
    return max(moment for moment in known if moment is not None)


def _payment_status(order: Order) -> words.PaymentStatus:
    paid = sum(payment.amount for payment in order.payments)
    refunded = sum(refund.amount for refund in order.refunds if refund.at)
    if not paid:
        return words.PaymentStatus.PENDING
    if not refunded:
        return words.PaymentStatus.PAID
    return words.PaymentStatus.REFUNDED if refunded == paid else words.PaymentStatus.PARTIALLY_REFUNDED


def _contact(demo: Demo, order: Order) -> words.Contact:
    customer = demo.customer[order.customer]
    points = [point for point in customer.contact_points if point.kind == "phone"]
    phones = [reachable(point, customer.country) for point in points]
    return words.Contact(
        name=customer.name,
        email=customer.email,
        phone=next(iter(phones), ""),
        account_id=customer.key,
        language=customer.language,
    )


def _address(order: Order) -> words.Address:
    if order.address is None:
        return words.Address(street=order.shipping.pickup_point or "")
    return words.Address(
        name=order.address.name,
        company=order.company or "",
        street=order.address.street,
        postcode=order.address.postcode,
        city=order.address.city,
        country=order.address.country,
    )


def _lines(demo: Demo, order: Order) -> list[words.LineSnapshot]:
    language = demo.customer[order.customer].language
    return [
        words.LineSnapshot(
            external_id=f"{order.number}-{number}",
            name=demo.named(line.sku, language),
            quantity=line.quantity,
            price=line.price,
            total=line.quantity * line.price,
            sku=line.sku,
            product_id=demo.product[line.sku].key,
            variant_id=line.sku,
        )
        for number, line in enumerate(order.lines, 1)
    ]


def _refunds(order: Order, currency: str) -> list[words.RefundSnapshot]:
    """Only what was given back: a pending refund is a promise, not money."""
    return [
        words.RefundSnapshot(
            external_id=f"{order.number}-{number}",
            amount=refund.amount,
            currency=currency,
            issued_at=refund.at,
            updated_at=refund.at,
            reason=refund.reason,
        )
        for number, refund in enumerate(order.refunds, 1)
        if refund.at
    ]


def _shipment(parcel: Parcel) -> words.ShipmentSnapshot:
    last = parcel.steps[-1]
    stages = {step.stage: step.at for step in parcel.steps}
    return words.ShipmentSnapshot(
        external_id=parcel.tracking,
        status=_SHIPMENT.get(last.stage, words.ShipmentStatus.SHIPPED),
        updated_at=last.at,
        carrier=parcel.carrier,
        tracking_numbers=(parcel.tracking,),
        shipped_at=stages.get("accepted"),
        delivered_at=stages.get("delivered"),
    )
