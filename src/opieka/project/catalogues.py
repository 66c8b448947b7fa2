"""The catalogues of translations: `make messages` extracts, merges and compiles them with Babel."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parent.parent
LOCALE = SOURCE / "locale"
LANGUAGES = ("pl", "ru", "el", "en")
METHODS = [("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2"), ("**.py", "python")]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# As `project.templating` reads them; a template that cannot be read stops the extraction.
OPTIONS = {
    "**/templates/**": {
        "extensions": "jinja2.ext.i18n,jinja2.ext.do",
        "newstyle_gettext": "true",
        "trimmed": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "silent": "false",
    }
}
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def _empty(language: str | None) -> Catalog:
    header = "# Opieka in the language named below."
    return Catalog(
        language, project="opieka", version="1", charset="utf-8", fuzzy=False, header_comment=header
    )


def extracted(source: Path = SOURCE) -> Catalog:
    """Every text of the source that a person may see."""
    catalogue = _empty(None)
    found = extract_from_dir(
        str(source),
        method_map=METHODS,
        options_map=OPTIONS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
    )
    for file, _, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalogue


def path(language: str) -> Path:
    """Where a language's catalogue is kept."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def stored(language: str) -> Catalog:
    """The catalogue as committed."""
    if not path(language).exists():
        return _empty(language)
    with path(language).open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str) -> Catalog:
    """The committed translations of what is in the source now; English is its own translation."""
    catalogue = stored(language)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    catalogue.msgid_bugs_address = catalogue.last_translator = "opieka"
    catalogue.language_team = language
    if language == "en":
        for message in catalogue:
            if message.id:
                message.string = message.id
    return catalogue


def missing(catalogue: Catalog) -> list[str]:
    """What has no translation, in all its plural forms."""
    wanting = []
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (not all(forms) or message.fuzzy):
            wanting.append(message.id if isinstance(message.id, str) else message.id[0])
    return wanting


def main() -> int:
    """Rewrite all catalogues; says what is still to be translated."""
    for language in LANGUAGES:
        catalogue = merged(language)
        path(language).parent.mkdir(parents=True, exist_ok=True)
        with path(language).open("wb") as file:
            write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)
        with path(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)
        print(f"{language}: {len(catalogue)} texts, {len(missing(catalogue))} to translate")  # noqa: T201  # a tool
    return 0


if __name__ == "__main__":
    sys.exit(main())
