"""Whose parcel it may be: from a tracking number, and from a shop's word for its carrier. Best first.

A number tells by its shape and, where the shape has one, its check digit: a number whose check digit fails is none of
that carrier's. Shapes are shared (ten digits are DHL Express, ACS, BOX NOW, CDEK or Packeta): then several are named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from opieka.deliveries.carriers import CARRIERS
from opieka.deliveries.carriers.names import NAMES, named
from opieka.deliveries.carriers.spelling import plain

SHAPES: Mapping[str, tuple[re.Pattern[str], ...]] = {
    name: tuple(re.compile(shape) for shape in carrier.capabilities.numbers)
    for name, carrier in CARRIERS.items()
    if not carrier.capabilities.aggregator
}
WORDS: Mapping[str, str] = {word: code for code, words in NAMES.items() for word in words}
SHARED: Mapping[str, tuple[str, ...]] = {
    "почта": ("nova_poshta", "poczta_polska"),
    "пошта": ("nova_poshta", "poczta_polska"),
    "post": ("dhl", "poczta_polska", "elta"),
    "ταχυδρομειο": ("elta",),
    "ταχυδρομεια": ("elta",),
    "paczka": ("orlen", "poczta_polska"),
    "boxomat": ("boxnow",),
}
"""Words that name no carrier alone, with those shops mean by them."""
LONGEST = 3
"""Of how many words a name consists at most."""


def by_number(number: str) -> tuple[str, ...]:
    """Our codes of the carriers a number (letters and digits only) may be of: proven by a check digit first, then
    by how telling the shape is."""
    fitting = []
    for name, shapes in SHAPES.items():
        place = next((at for at, shape in enumerate(shapes) if shape.fullmatch(number)), None)
        if place is not None and (holds := CARRIERS[name].check(number)) is not False:
            fitting.append((holds is None, place, name))
    return tuple(name for _, _, name in sorted(fitting, key=lambda one: one[:2]))


def only(candidates: Collection[str], *, likely: Collection[str] = ()) -> str:
    """The one of several carriers it must be: the only one, or the only one that is `likely`; else ""."""
    found = candidates if len(candidates) == 1 else [name for name in candidates if name in likely]
    return next(iter(found)) if len(found) == 1 else ""


def by_word(word: str) -> tuple[str, ...]:
    """Our codes of the carriers a shop's word may mean, such as "Kurier DHL", "InPost / DPD" or "Почта"."""
    told = re.findall(r"[^\W_]+", plain(word))
    runs = [
        "".join(told[start : start + length])
        for length in range(min(LONGEST, len(told)), 0, -1)
        for start in range(len(told) - length + 1)
    ]
    # The carrier named first is meant first; a longer name before the shorter ones inside it.
    found = [
        code for run in sorted(runs, key=lambda run: "".join(told).find(run)) if (code := WORDS.get(run))
    ]
    whole = [code] if (code := named(word)) else []
    hints = [] if whole or found else [code for run in runs for code in SHARED.get(run, ())]
    return tuple(dict.fromkeys([*whole, *found, *hints]))
