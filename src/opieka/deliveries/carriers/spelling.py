"""One spelling to compare words by: people and carriers write them in capitals or not, with accents or without."""

from __future__ import annotations

import unicodedata


def plain(word: str) -> str:
    """A word without case, accents and double blanks; Greek has one sigma, Polish ł is l."""
    parted = unicodedata.normalize("NFD", " ".join(word.casefold().split()).replace("ł", "l"))
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
