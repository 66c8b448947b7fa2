"""Which carrier a word means: aggregators' slugs and names, and how shops and warehouses write them.

Sources: the courier list of AfterShip (Klarna publishes the same slugs), EasyPost's carrier names, 17TRACK's provider
names. National companies of one carrier count as that carrier: DPD Poland is DPD.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from opieka.deliveries.carriers.spelling import plain

NAMES: Mapping[str, tuple[str, ...]] = {
    "inpost": ("inpost", "paczkomat", "paczkomaty", "инпост"),
    "dpd": ("dpd", "dpduk", "siodemka", "дпд"),
    "gls": ("gls", "generallogisticssystems"),
    "dhl": (
        "dhl",
        "deutschepostdhl",
        "dhlpoland",
        "dhlparcelpolska",
        "dhlparcelpoland",
        "dhlparcelpl",
        "dhl24",
    ),
    "ups": ("ups", "unitedparcelservice", "upsdap"),
    "fedex": ("fedex", "federalexpress", "opek"),
    "poczta_polska": ("pocztapolska", "poczta", "pocztex", "polandpost", "polishpost", "почтапольши"),
    "orlen": ("orlen", "orlenpaczka", "paczkawruchu", "ruch"),
    "packeta": ("packeta", "zasilkovna", "zasielkovna", "przesylkownia"),
    "acs": ("acs", "acscourier", "acsgreece"),
    "elta": ("elta", "eltacourier", "eltahellenicpost", "hellenicpost", "ελτα", "ελτακουριερ"),
    "boxnow": ("boxnow",),
    "speedex": ("speedex", "speedexcourier"),
    "nova_poshta": ("novaposhta", "novapost", "novaposhtaglobal", "новапошта", "новаяпочта"),
    "cdek": ("cdek", "sdek", "cdekexpress", "сдэк", "сдек"),
}
FAMILIES = frozenset({"inpost", "dpd", "gls", "dhl", "ups", "fedex", "packeta", "cdek", "novaposhta", "elta"})
"""First words that name a carrier whatever follows: `dpd-poland`, `DHLExpress`, `InPost (PL)`."""

_WORDS: Mapping[str, str] = {word: code for code, words in NAMES.items() for word in words}
_SEAMS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def named(word: str) -> str:
    """Our code of the carrier a word means, "" for one we do not know."""
    folded = _folded(word)
    if found := _WORDS.get("".join(folded)):
        return found
    starts = ("".join(folded[:length]) for length in range(len(folded), 0, -1))
    return next((_WORDS[start] for start in starts if start in FAMILIES), "")


def _folded(word: str) -> list[str]:
    """The words of a name: no case, no accents, cut at signs and at the seams of a name such as FedEx."""
    return re.findall(r"[^\W_]+", plain(_SEAMS.sub(" ", word)))
