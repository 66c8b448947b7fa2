"""Payloads as the sources send them, small and our own."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def shopify_order(**changes: Any) -> Json:
    """A current Shopify order: paid, one of two lines refunded, one parcel on its way."""
    return {
        "id": 5501,
        "name": "#1042",
        "order_number": 1042,
        "created_at": "2026-11-02T10:15:00+01:00",
        "processed_at": "2026-11-02T10:14:58+01:00",
        "updated_at": "2026-11-04T08:00:00+01:00",
        "closed_at": None,
        "cancelled_at": None,
        "currency": "PLN",
        "presentment_currency": "EUR",
        "total_price": "259.80",
        "taxes_included": True,
        "financial_status": "partially_refunded",
        "fulfillment_status": "partial",
        "email": "anna@example.pl",
        "contact_email": "anna@example.pl",
        "phone": None,
        "customer_locale": "pl-PL",
        "note": "Proszę zadzwonić",
        "payment_gateway_names": ["przelewy24"],
        "total_outstanding": "0.00",
        "customer": {"id": 77, "first_name": "Anna", "last_name": "Nowak", "phone": "+48601234567"},
        "shipping_address": {
            "first_name": "Anna", "last_name": "Nowak", "name": "Anna Nowak", "company": None,
            "address1": "ul. Leśna 5", "address2": "m. 3", "zip": "00-950", "city": "Warszawa",
            "province": None, "country_code": "PL", "phone": "601 234 567",
        },
        "billing_address": None,
        "line_items": [
            {
                "id": 1, "name": "Kubek lniany - szary", "title": "Kubek lniany", "sku": "KUB-1",
                "quantity": 2, "current_quantity": 1, "price": "49.90", "product_id": 900, "variant_id": 901,
                "discount_allocations": [{"amount": "9.80"}], "tax_lines": [{"price": "16.83"}],
            },
            {"id": 2, "name": "Koc", "sku": "KOC", "quantity": 1, "price": "169.80", "product_id": None},
        ],
        "refunds": [
            {
                "id": 71, "created_at": "2026-11-03T12:00:00+01:00", "note": "obtłuczony",
                "transactions": [
                    {"id": 1, "kind": "refund", "status": "success", "amount": "45.00", "currency": "PLN"},
                    {"id": 2, "kind": "refund", "status": "failure", "amount": "9.00", "currency": "PLN"},
                ],
            }
        ],
        "fulfillments": [
            {
                "id": 81, "status": "success", "shipment_status": "out_for_delivery",
                "created_at": "2026-11-03T09:00:00+01:00", "updated_at": "2026-11-04T07:30:00+01:00",
                "tracking_company": "InPost", "tracking_numbers": ["6200000001", "6200000002"],
                "tracking_urls": ["https://inpost.example/1"], "line_items": [{"id": 2, "quantity": 1}],
            }
        ],
    } | changes  # fmt: skip


def woocommerce_order(**changes: Any) -> Json:
    """A WooCommerce order: completed, shipped with the common tracking plugin."""
    return {
        "id": 727,
        "number": "2026/727",
        "status": "completed",
        "currency": "EUR",
        "date_created": "2026-11-02T12:00:00",
        "date_created_gmt": "2026-11-02T10:00:00",
        "date_modified": "2026-11-03T12:00:00",
        "date_modified_gmt": "2026-11-03T10:00:00",
        "date_paid": "2026-11-02T12:01:00",
        "date_paid_gmt": "2026-11-02T10:01:00",
        "date_completed": "2026-11-03T12:00:00",
        "date_completed_gmt": "2026-11-03T10:00:00",
        "total": "29.35",
        "customer_id": 0,
        "customer_note": "",
        "billing": {
            "first_name": "Ελένη", "last_name": "Παππά", "company": "", "address_1": "Ερμού 1",
            "address_2": "", "city": "Αθήνα", "state": "I", "postcode": "105 63", "country": "GR",
            "email": "eleni@example.gr", "phone": "210 3220000",
        },
        "shipping": {"first_name": "Ελένη", "last_name": "Παππά", "country": "GR", "city": "Αθήνα"},
        "payment_method": "stripe",
        "payment_method_title": "Κάρτα",
        "transaction_id": "ch_1",
        "line_items": [
            {
                "id": 315, "name": "Κούπα &ndash; λευκή", "product_id": 93, "variation_id": 0, "quantity": 2,
                "subtotal": "20.00", "subtotal_tax": "4.80", "total": "16.00", "total_tax": "3.84",
                "sku": "K1",
            }
        ],
        "refunds": [],
        "meta_data": [
            {
                "id": 1,
                "key": "_wc_shipment_tracking_items",
                "value": [
                    {
                        "tracking_provider": "acs", "custom_tracking_provider": "", "tracking_number": "7001",
                        "custom_tracking_link": "https://acs.example/7001", "date_shipped": "1793700000",
                        "tracking_id": "abc",
                    }
                ],
            }
        ],
    } | changes  # fmt: skip
