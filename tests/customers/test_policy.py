"""Contact points are normalised the same way whoever writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.customers import policy
from opieka.customers.types import ContactKind, ContactPoint

K = ContactKind


@pytest.mark.parametrize(
    ("kind", "written", "country", "normal"),
    [
        (K.EMAIL, " Anna.Nowak@Example.COM ", "PL", "anna.nowak@example.com"),
        (K.EMAIL, "mailto:anna@example.com", "PL", "anna@example.com"),
        (K.EMAIL, "żaneta@żółw.example", "PL", "żaneta@xn--w-uga1v8h.example"),
        (K.EMAIL, "μαρία@παράδειγμα.example", "GR", "μαρία@xn--hxajbheg2az3al.example"),
        (K.EMAIL, "no at sign", "PL", None),
        (K.EMAIL, "two@@example.com", "PL", None),
        (K.EMAIL, "anna@exa mple.com", "PL", None),
        (K.PHONE, "512 345 678", "PL", "+48512345678"),
        (K.PHONE, "0048 512-345-678", "PL", "+48512345678"),
        (K.PHONE, "(+48) 512.345.678", "GR", "+48512345678"),
        (K.PHONE, "694 123 4567", "GR", "+306941234567"),
        (K.PHONE, "99 123456", "CY", "+35799123456"),
        (K.PHONE, "8 (912) 345-67-89", "RU", "+79123456789"),
        (K.PHONE, "٥١٢٣٤٥٦٧٨", "PL", "+48512345678"),
        (K.PHONE, "112", "PL", None),
        (K.PHONE, "call me", "PL", None),
        (K.WHATSAPP, "48512345678", "GR", "48512345678"),
        (K.WHATSAPP, "+48 512 345 678", "GR", "48512345678"),
        (K.VIBER, "512 345 678", "PL", "48512345678"),
        (K.TELEGRAM, "@Anna_N", "PL", "anna_n"),
        (K.SHOP_ACCOUNT, " 8812 ", "PL", "8812"),
        (K.PUSH, "", "PL", None),
    ],
)
def test_normal_forms(kind: ContactKind, written: str, country: str, normal: str | None) -> None:
    found = policy.normalise(ContactPoint(kind, written), country)
    assert (found.value if found else None) == normal


@given(st.sampled_from(list(K)), st.text(max_size=60), st.sampled_from(["PL", "GR", "CY", "GB", "RU"]))
def test_normalising_never_fails_and_settles(kind: ContactKind, value: str, country: str) -> None:
    once = policy.normalise(ContactPoint(kind, value), country)
    if once:
        assert policy.normalise(once, country) == once
        assert policy.display(once)


def test_a_messenger_number_is_a_phone_number() -> None:
    phone = ContactPoint(K.PHONE, "+48512345678")
    whatsapp = ContactPoint(K.WHATSAPP, "48512345678")
    assert phone in policy.recognised_by(whatsapp)
    assert whatsapp in policy.recognised_by(phone)
    assert policy.recognised_by(ContactPoint(K.EMAIL, "a@b.pl")) == (ContactPoint(K.EMAIL, "a@b.pl"),)
