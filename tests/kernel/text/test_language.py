from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opieka.kernel.text.language import LANGUAGES, Guess, detect
from tests.kernel.text.messages import MESSAGES

ALL = [(language, message) for language, messages in MESSAGES.items() for message in messages]


def share(right: list[bool]) -> float:
    return sum(right) / len(right)


def test_short_messages_are_recognised() -> None:
    assert share([detect(message).language == language for language, message in ALL]) >= 0.97


def test_the_expected_language_helps_and_a_wrong_one_hardly_misleads() -> None:
    assert share([detect(message, language).language == language for language, message in ALL]) >= 0.98
    wrong = [
        detect(m, prior).language == language
        for language, m in ALL
        for prior in LANGUAGES
        if prior != language
    ]
    assert share(wrong) >= 0.95


@pytest.mark.parametrize(
    "text", ["", "??", "42", "#1001-PL", "+48 600 123 456", "anna@example.com", "👍", "今日"]
)
def test_a_text_that_tells_nothing_is_in_the_expected_language(text: str) -> None:
    assert detect(text, "el").language == "el"
    if "今" not in text:
        assert detect(text) == Guess(None, 0.0)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("gde moj zakaz", "ru"),
        (
            "Zakaz GR-20285, fonarik i skladnoj nozh. Obeshali dostavit 20.11, no nichego ne prishlo, i v ACS "
            "govoryat, chto posylki v Limassole net. V vyhodnye uezzhaem, fonarik ochen nuzhen. Mozhno uznat, gde "
            "ona sejchas, i zabrat samomu so sklada?",
            "ru",
        ),
        ("pou einai i paraggelia mou", "el"),
        ("moj zakaz zakupu", "pl"),
        ("to me it is fine", "en"),
    ],
)
def test_latin_letters_may_be_russian_or_greek(text: str, language: str) -> None:
    assert detect(text).language == language


SHORT = {
    "pl": "Dziękuję|dziekuje|Dzięki!|Tak|Nie|dobrze|Witam|Cześć|hej|Dzień dobry|jasne|Ok, dziękuję :)|niestety nie",
    "en": "Thanks|Thank you!|OK thanks|Yes|no thanks|Hello|Thx|great, thanks|Got it|where?|Not yet|super, thank you",
    "ru": "Спасибо!|ок, спасибо|Да|Нет|Привет|ладно|хорошо|spasibo|Privet|horosho",
    "uk": "Дякую!|Ні|Добре|Привіт|Добрий день",
    "el": "Ευχαριστώ|Ναι|όχι|εντάξει|efxaristo|Euxaristw|kalimera|ok, efharisto",
}


@pytest.mark.parametrize(
    ("language", "text"), [(one, text) for one, texts in SHORT.items() for text in texts.split("|")]
)
@pytest.mark.parametrize("prior", [None, "pl", "en", "ru", "el"])
def test_a_few_words_tell_whatever_was_expected(language: str, text: str, prior: str | None) -> None:
    assert detect(text, prior).language == language


@pytest.mark.parametrize("text", ["ok", "OK!", "super", "Super :)", "ок", "info", "M", "XL"])
@pytest.mark.parametrize("prior", LANGUAGES)
def test_words_of_everybody_are_in_the_expected_language(text: str, prior: str) -> None:
    assert detect(text, prior) == Guess(prior, 0.5)


@pytest.mark.parametrize(
    ("text", "prior"), [("da", "ru"), ("net", "ru"), ("nai", "el"), ("oxi", "el"), ("pote?", "el")]
)
def test_words_of_another_language_are_hers_when_she_is_known_to_speak_it(text: str, prior: str) -> None:
    assert detect(text, prior).language == prior


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Καλημέρα, το Samsung Galaxy Ultra Titanium δεν ήρθε", "el"),
        ("Заказ Philips Avent Natural Starter Set не пришёл", "ru"),
        ("Gdzie jest moja paczka z Москва", "pl"),
    ],
)
def test_names_of_products_and_places_do_not_mislead(text: str, language: str) -> None:
    assert detect(text).language == language


@given(st.text(), st.sampled_from([None, *LANGUAGES]))
def test_any_text_has_a_guess(text: str, prior: str | None) -> None:
    guess = detect(text, prior)
    assert 0 <= guess.confidence <= 1
    assert guess.language in {None, *LANGUAGES}
