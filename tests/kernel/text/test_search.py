from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.kernel.text import fold, keys, nearest, query_keys, tokens, tsquery, tsvector
from opieka.kernel.text.build import edit, everyday, learn, listed, train
from opieka.kernel.text.lemma import Rules, key, snowball, stored
from opieka.kernel.text.words import Kind

TEXTS = st.text() | st.text(
    st.sampled_from("aąłñçίϊΐςёйіїґ'’-._/@+&#()0189 \u00ad\u0301\u200bİßŁ½²ﬁ\x00\ud800")
)

FORMS = {
    "pl": [
        "paczka paczki paczce paczkę paczką paczek paczkom PACZKA paczke paczka",
        "zwrot zwrotu zwrotem zwroty zwrotów zwrotow",
        "buty butów butami butow",
        "żółty żółta żółtych zolty zoltych",
        "reklamacja reklamacji reklamację reklamacje reklamacje",
        "przesyłka przesyłki przesyłce przesylka przesylki",
        "zwrócić zwróciłem zwróciłam zwrócę zwrocilam",
        "sukienka sukienki sukienek sukienkami",
    ],
    "ru": [
        "посылка посылки посылку посылок посылкой",
        "заказ заказы заказов заказа заказам",
        "вернуть верну вернул вернули",
        "деньги денег деньгам",
        "жёлтый желтый жёлтая желтых",
    ],
    "el": [
        "παραγγελία παραγγελίας παραγγελίες παραγγελιών παραγγελια ΠΑΡΑΓΓΕΛΙΑ",
        "δέμα δέματος δέματα δεμάτων ΔΕΜΑ",
        "επιστροφή επιστροφής επιστροφές επιστροφων",
    ],
    "en": [
        "parcel parcels parcel's PARCEL",
        "return returns returned returning",
        "children child",
        "bought buy buys",
    ],
}

FOUND = [
    ("Order #1001-PL is late", ["#1001-PL", "1001-pl", "1001", "1001PL", "1001 pl"]),
    (
        "Write to Anna.Nowak+shop@Example.com please",
        ["anna.nowak+shop@example.com", "anna", "nowak", "example"],
    ),
    ("My number is +48 600-123-456", ["+48600123456", "600123456", "600 123 456", "0048 600 123 456"]),
    ("Звоните: 8 (900) 123-45-67", ["89001234567", "9001234567", "+7 900 123 45 67"]),
    ("Τηλέφωνο 6912345678", ["+306912345678", "691 234 5678"]),
    (
        "RR123456785PL, 520000012680041086770098",
        ["RR123456785PL", "123456785", "5200 0001 2680 0410 8677 0098"],
    ),
    ("e-mail and T-shirt by H&M and L'Oréal", ["email", "e-mail", "t-shirt", "H&M", "loreal"]),
    ("czarno-białe spodnie", ["czarno-biały", "czarnobiałe", "biale", "spodni"]),
    ("FV/12/2024 z 5.03.2024", ["FV/12/2024", "5.03.2024", "2024"]),
    ("за\u00adказ 17", ["заказ"]),
    ("RR 123 456 785 PL", ["RR123456785PL", "123456785", "RR 123456785 PL", "rr-123-456-785-pl"]),
    ("nr RR123456785PL.", ["RR 123 456 785 PL", "RR 123-456-785PL", "123 456 785"]),
    ("1Z 999 AA1 01 2345 6784", ["1Z999AA10123456784"]),
    ("tel. 600 12 34 56", ["600123456", "600-123-456", "600 123 456", "+48600123456"]),
]


@pytest.mark.parametrize(
    ("language", "forms"), [(one, forms) for one, rows in FORMS.items() for forms in rows]
)
def test_all_forms_of_a_word_have_one_key(language: str, forms: str) -> None:
    assert len(set(keys(forms, language))) == 1


@pytest.mark.parametrize(
    ("language", "forms"), [(one, forms) for one, rows in FORMS.items() for forms in rows]
)
def test_a_query_finds_every_form_whatever_its_language(language: str, forms: str) -> None:
    for form in forms.split():
        assert matches(forms, form, language)


@pytest.mark.parametrize(("text", "query"), [(text, query) for text, queries in FOUND for query in queries])
@pytest.mark.parametrize("language", ["pl", "el", None])
def test_codes_addresses_and_numbers_are_found_whole_and_in_parts(
    text: str, query: str, language: str
) -> None:
    assert matches(text, query, language)


EVERYDAY = [(language, row) for language in ("pl", "ru", "el", "en") for row in everyday(language)]


@pytest.mark.parametrize(("language", "forms"), EVERYDAY, ids=[f"{one}-{row[0]}" for one, row in EVERYDAY])
def test_every_form_of_an_everyday_word_finds_all_others(language: str, forms: list[str]) -> None:
    assert len(set(keys(" ".join(forms), language))) == 1
    assert all(matches(forms[0], form, language) and matches(form, forms[0], language) for form in forms)


def test_no_form_belongs_to_two_everyday_words() -> None:
    for language in ("pl", "ru", "el", "en"):
        forms = [form for row in everyday(language) for form in row]
        assert len(forms) == len(set(forms))


def matches(text: str, query: str, language: str | None) -> bool:
    held = set(keys(text, language))
    return all(held & set(alternatives) for alternatives in query_keys(query))


def test_other_words_are_not_found() -> None:
    assert not matches("Order #1001-PL is late", "1002-PL", "en")
    assert not matches("paczka", "paczuszka", "pl")


def test_the_script_decides_what_a_query_word_may_be() -> None:
    assert query_keys("parcels") == [["parcels", "parcel"]]
    assert query_keys("посылки") == [["посылк"]]
    assert query_keys("δέματα") == [["δεμ"]]
    assert query_keys("今日") == [["今日"]]


def test_an_unknown_language_gets_the_keys_of_both_latin_ones() -> None:
    assert set(keys("paczki", "pl")) | set(keys("paczki", "en")) == set(keys("paczki"))


def test_tokens_tell_their_place_and_kind() -> None:
    text = "Hej: a@b.pl, +48 600 123 456 e-mail AB1"
    assert [(token.text, token.kind) for token in tokens(text)] == [
        ("Hej", Kind.WORD),
        ("a@b.pl", Kind.EMAIL),
        ("+48 600 123 456", Kind.NUMBER),
        ("e-mail", Kind.COMPOUND),
        ("AB1", Kind.CODE),
    ]


@given(TEXTS)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_no_text_is_too_strange(text: str) -> None:
    for token in tokens(text):
        assert text[token.start : token.end] == token.text
    for language in (None, "pl", "en", "ru", "uk"):
        for one in keys(text, language):
            assert one
            one.encode()
    assert all(query_keys(text))


@given(
    st.lists(
        st.sampled_from(
            ["Paczka", "#1001-PL", "a@b.pl", "+48600123456", "zwrotu", "заказы", "δέματος", "parcels", "it's"]
        )
    )
)
def test_a_text_is_found_by_itself(words: list[str]) -> None:
    assert matches(" / ".join(words), " / ".join(words), "pl")


@given(
    st.text(st.sampled_from("abcćłжёйαάς"), min_size=1).map(fold), st.sampled_from(["pl", "ru", "el", "en"])
)
def test_a_key_is_folded_and_never_empty(word: str, language: str) -> None:
    assert key(word, language)
    assert fold(key(word, language)) == key(word, language)


@pytest.mark.parametrize(
    "unit", ["a", "a.", "1 ", "1-", "+1", "a@", "@", "(1)", "a@b.", "-", "'", "a\u0301", "12 34 "]
)
def test_hostile_texts_take_linear_time(unit: str) -> None:
    start = time.process_time()
    list(tokens(unit * 50_000))
    assert time.process_time() - start < 2


def test_the_learned_rules_reproduce_every_listed_form() -> None:
    lemmas = listed("en")
    stem = snowball("en")
    groups: dict[str, set[str]] = {}
    for form, lemma in lemmas.items():
        groups.setdefault(lemma, set()).add(key(form, "en"))
    assert all(len(found) == 1 for found in groups.values())
    again = train(lemmas, stem)
    assert again == stored("en")
    assert isinstance(again, Rules)


def test_learning_generalises_from_endings_and_keeps_exceptions() -> None:
    edits = {word: edit(word, word[:-3] + "y") for word in ("cities", "ladies", "parties")}
    rules = learn({**edits, "series": None}, support=2)
    assert (3, "y") in rules.values()
    assert rules["seires^"] is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sukeinka", "sukienka"),
        ("paczk", "paczka"),
        ("reklamcaja", "reklamacja"),
        ("заказз", "заказ"),
        ("zzz", None),
    ],
)
def test_slips_of_the_finger_are_forgiven(typed: str, meant: str | None) -> None:
    vocabulary = ["sukienka", "paczka", "reklamacja", "заказ", "1001", "1002", "zz"]
    assert nearest(vocabulary, typed)[:1] == ([meant] if meant else [])


def test_a_number_is_never_taken_for_another() -> None:
    assert nearest(["10012"], "10013") == []
    assert nearest(["abcd1"], "abcde") == []


def test_vectors_carry_weights_and_places() -> None:
    assert tsvector([("A", ["zwrot", "paczk"]), ("B", ["paczk"])]) == "'zwrot':1A 'paczk':2A,3B"


def test_nothing_breaks_out_of_a_vector_or_query() -> None:
    assert tsvector([("A", ["o'h\\a"])]) == "'o''h\\\\a':1A"
    assert tsquery([["a", "b'"], [], ["c"]]) == "('a' | 'b''') & ('c')"
    assert tsquery([]) == ""


def test_a_monstrous_text_is_cut_below_what_the_database_takes() -> None:
    vector = tsvector([("D", (f"word{n}" for n in range(300_000))), ("D", ["same"] * 100_000)])
    assert len(vector) < 1_000_000
    assert "16383D" in vector
    assert len(tsvector([("D", ["same"] * 100_000)]).split(",")) == 255
