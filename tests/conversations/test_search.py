"""Search: what is found, how mistyped words are read, what is marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from opieka.conversations import commands, queries
from opieka.conversations.policy import searching
from opieka.conversations.types import SearchResult
from opieka.kernel.actor import SYSTEM
from opieka.shops.types import ShopCard
from tests.conversations.mails import mail, one, take
from tests.factories import make_shop
from tests.orders.building import apply, report


def find(shop: ShopCard, text: str) -> SearchResult:
    return queries.search(text, shop_ids=[shop.id])


def ids(result: SearchResult) -> list[int]:
    return [found.row.id for found in result.found]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Gdzie są moje przesyłki?", "przesyłka"),
        ("Где мои посылки?", "посылка"),
        ("Πού είναι τα δέματά μου;", "δέματα"),
        ("My lamps arrived broken", "lamp broken"),
        ("Zażółć gęślą jaźń", "zazolc"),
        ("Order 1001-PL is late", "1001-pl"),
        ("Call me: +48 600 123 456", "600 123 456"),
        ("Numer RR123456785PL", "RR 123 456 785PL"),
        ("Numer: RR 123 456 785 PL.", "rr123456785pl"),
        ("Nr 5200 0001 2680 0410 8677 0098", "520000012680041086770098"),
        ("UPS 1Z 999 AA1 01 2345 6784", "1Z999AA10123456784"),
        ("UPS 1Z999AA10123456784", "1Z 999 AA1 01 2345 6784"),
        ("Zamówienie 12 345", "12345"),
        ("Zamówienie 12345", "12-345"),
        ("Πού είναι η παραγγελία μου;", "pou einai h paraggelia mou"),
        ("Θέλω επιστροφή", "epistrofi"),
        ("Где мой заказ?", "gde moy zakaz"),
        ("Когда придёт посылка?", "posylka"),
    ],
)
def test_words_are_found_in_any_form(written: str, asked: str) -> None:
    shop = make_shop()
    wanted, _ = take(mail(shop, text=written), mail(shop, text="Nothing of that kind"))
    assert ids(find(shop, asked)) == [wanted.pk]


@pytest.mark.django_db
def test_people_are_found_by_what_they_are_called_and_by_their_addresses() -> None:
    shop = make_shop()
    annas, _ = take(
        mail(shop, "anna.nowak@example.com", name="Anna Nowak"), mail(shop, "jan@example.com", name="Jan")
    )
    for asked in ("Nowak", "anna", "anna.nowak@example.com", "Anna parcel"):
        assert ids(find(shop, asked)) == [annas.pk], asked


@pytest.mark.django_db
def test_people_are_found_by_the_numbers_of_their_orders() -> None:
    shop = make_shop()
    annas, _ = take(mail(shop, "anna@example.pl"), mail(shop, "jan@example.com"))
    apply(shop.id, report())
    for asked in ("#1042", "1042", "nr 1042"):
        assert ids(find(shop, asked)) == [annas.pk], asked


@pytest.mark.django_db
def test_a_conversation_is_found_once_by_its_latest_passage_and_the_latest_come_first() -> None:
    shop = make_shop()
    first = mail(shop, text="A vase")
    older = one(first, mail(shop, text="The vase again", references=(first.external_id,)))
    newer = one(mail(shop, text="Another vase", external_id="other"))
    result = find(shop, "vases")
    assert ids(result) == [newer.pk, older.pk]
    marked = [part.text for part in result.found[1].passage if part.hit]
    assert marked == ["vase"]
    assert "again" in "".join(part.text for part in result.found[1].passage)


@pytest.mark.django_db
def test_what_was_quoted_is_found_where_it_was_first_said() -> None:
    shop = make_shop()
    first = mail(shop, text="The turquoise one")
    conversation = one(
        first,
        mail(shop, text="Yes.\n> The turquoise one", reply_text="Yes.", references=(first.external_id,)),
    )
    (found,) = find(shop, "turquoise").found
    assert found.row.id == conversation.pk
    forwarded = one(mail(shop, text="See below\n> A purple one", reply_text="See below"))
    assert ids(find(shop, "purple")) == [forwarded.pk]


@pytest.mark.django_db
def test_a_mistyped_word_is_read_as_the_one_it_looks_like() -> None:
    shop = make_shop()
    conversation = one(mail(shop, text="Zamówiłam wazon ceramiczny"))
    assert ids(find(shop, "ceramicnzy")) == []
    while commands.learn_words(shop.id, by=SYSTEM):
        pass
    for asked in ("ceramicnzy", "ceramczny", "cerramiczny", "ceramiszny wazon"):
        result = find(shop, asked)
        assert ids(result) == [conversation.pk], asked
        assert list(result.read_as) == [asked.split()[0]]
    assert find(shop, "ceramiczny").read_as == {}


@pytest.mark.django_db
def test_less_likely_spellings_are_tried_when_somebody_wrote_them() -> None:
    shop = make_shop()
    greek = one(mail(shop, text="Ακύρωση, επιστροφή χρημάτων και απόδειξη"))
    russian = one(mail(shop, "olga@example.ru", text="Верните деньги курьером", external_id="ru"))
    while commands.learn_words(shop.id, by=SYSTEM):
        pass
    for asked in ("akirosi", "apodixi", "apodeiksh", "epistrofi xrhmaton"):
        assert ids(find(shop, asked)) == [greek.pk], asked
    for asked in ("dengi", "den'gi", "kurierom"):
        assert ids(find(shop, asked)) == [russian.pk], asked
    assert find(shop, "akirosi").read_as == {}


@pytest.mark.django_db
def test_nothing_is_found_in_other_shops_and_nothing_by_nothing() -> None:
    shop, other = make_shop(), make_shop()
    one(mail(shop, text="A vase"))
    assert ids(find(other, "vase")) == []
    for nothing in ("", "  ", "?!", "'", "\\", "a' | 'b", "\0", ":*", "§1"):
        assert ids(find(other, nothing)) == []
    found = queries.search("vase", shop_ids=[shop.id, other.id])
    assert len(found.found) == 1


@pytest.mark.django_db
def test_search_asks_a_fixed_number_of_questions(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    shop = make_shop()
    take(*(mail(shop, f"c{number}@example.com", name="Vase") for number in range(10)))
    with django_assert_num_queries(10):
        assert len(find(shop, "vase").found) == 10


words = st.text(alphabet="abcdeżшλ", min_size=4, max_size=12)


@given(
    word=words,
    place=st.integers(0, 11),
    letter=st.sampled_from("abxż"),
    slip=st.sampled_from(["more", "less", "other", "swap"]),
)
def test_two_words_within_one_slip_share_a_variant(word: str, place: int, letter: str, slip: str) -> None:
    place %= len(word)
    after = word[place + 1 :]
    mistyped = {
        "more": word[:place] + letter + word[place:],
        "less": word[:place] + after,
        "other": word[:place] + letter + after,
        "swap": word[:place] + after[:1] + word[place] + after[1:],
    }[slip]
    assert not set(searching.variants(word)).isdisjoint(searching.variants(mistyped))


@given(text=st.text(max_size=600), key=st.sampled_from(["a", "order", "zamowienie"]))
def test_a_passage_is_a_stretch_of_the_text(text: str, key: str) -> None:
    parts = searching.passage(text, frozenset([key]))
    assert "".join(part.text for part in parts) in " ".join(text.split())
