"""Saved answers: kept, refused, filled in."""

from __future__ import annotations

import pytest

from opieka.conversations import commands, queries
from opieka.conversations.commands.macros import MacroEmpty, MacroNameTaken, UnknownPlaceholder
from opieka.conversations.types import MacroPreview
from opieka.kernel.actor import SYSTEM
from opieka.kernel.errors import NotFound
from opieka.orders.types import Contact
from opieka.shops.types import ShopCard
from tests.conversations.mails import mail, one
from tests.factories import make_shop, make_staff
from tests.orders.building import apply, report

pytestmark = pytest.mark.django_db


def save(shop: ShopCard, name: str = "Late", macro_id: int | None = None, **texts: str) -> int:
    return commands.save_macro(shop.id, name=name, texts_by_language=texts, macro_id=macro_id, by=SYSTEM)


def test_a_saved_answer_is_kept_changed_and_forgotten() -> None:
    shop, other = make_shop(), make_shop()
    macro = save(shop, pl="Dzień dobry", en="Hello ", ru="  ")
    assert [(card.name, card.texts) for card in queries.macros([shop.id])] == [
        ("Late", {"pl": "Dzień dobry", "en": "Hello"})
    ]
    save(shop, "Later", macro_id=macro, el="Γεια")
    assert [card.name for card in queries.macros([shop.id])] == ["Later"]
    assert queries.macros([other.id]) == []
    for act in (
        lambda: save(other, macro_id=macro, pl="x"),
        lambda: commands.delete_macro(macro, shop_id=other.id, by=SYSTEM),
    ):
        with pytest.raises(NotFound):
            act()
    commands.delete_macro(macro, shop_id=shop.id, by=SYSTEM)
    assert queries.macros([shop.id]) == []


def test_what_cannot_be_kept_is_refused() -> None:
    shop = make_shop()
    save(shop, pl="x")
    with pytest.raises(MacroNameTaken):
        save(shop, pl="y")
    with pytest.raises(MacroEmpty):
        save(shop, "Empty", pl=" ")
    with pytest.raises(MacroEmpty):
        save(shop, " ", pl="x")
    with pytest.raises(UnknownPlaceholder) as told:
        save(shop, "Odd", pl="{{ customer.surname }}")
    assert "customer.first_name" in str(told.value)


def test_a_preview_is_in_the_customers_language_and_says_what_is_missing() -> None:
    shop = make_shop()
    ola = make_staff(shop)
    macro = save(
        shop,
        pl="Pani {{ customer.first_name }}, {{ order.number }}. {{ agent.first_name }}, {{ shop.name }}",
        en="Dear {{ customer.name }}",
    )

    def preview(text: str, sender: str = "anna@example.com", name: str = "Anna Nowak") -> MacroPreview:
        conversation = one(mail(shop, sender, name=name, subject="", text=text))
        return queries.macro_preview(macro, conversation_id=conversation.pk, staff_id=ola, shop_ids=[shop.id])

    polish = preview("Gdzie jest moja przesyłka? Czekam już tydzień.")
    assert polish.text == f"Pani Anna, {{{{ order.number }}}}. Ola, {shop.name}"
    assert (polish.language, polish.missing) == ("pl", ("order.number",))
    assert preview("Where is my parcel? I have been waiting for a week.").text == "Dear Anna Nowak"
    # No text in her language: the shop's first.
    assert preview("Где моя посылка? Жду уже неделю.", "olga@example.com").language == "pl"
    apply(shop.id, report(contact=Contact(email="anna@example.com")))
    assert "#1042" in preview("Gdzie jest moja przesyłka? Czekam już tydzień.").text
    nobody = preview("Where is my parcel? I have been waiting for a week.", "")
    assert nobody.missing == ("customer.name",)
    with pytest.raises(NotFound):
        queries.macro_preview(macro, conversation_id=1, staff_id=ola, shop_ids=[make_shop().id])
