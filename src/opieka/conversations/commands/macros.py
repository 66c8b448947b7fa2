"""Keeping saved answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from opieka.conversations.models import Macro
from opieka.conversations.policy import texts
from opieka.kernel.actor import Actor
from opieka.kernel.errors import Conflict, Invalid, NotFound
from opieka.shops.types import Language


class MacroNameTaken(Conflict):
    code = "macro_name_taken"
    sentence = _("There is a saved answer called “%(name)s” already.")


class MacroEmpty(Invalid):
    code = "macro_empty"
    sentence = _("A saved answer needs a name, and a text in one language at least.")


class UnknownPlaceholder(Invalid):
    code = "macro_placeholder"
    sentence = _("“%(placeholder)s” is no placeholder. There are: %(known)s.")


@transaction.atomic
def save_macro(
    shop_id: int, *, name: str, texts_by_language: Mapping[str, str], macro_id: int | None = None, by: Actor
) -> int:
    """Keep a saved answer, new or instead of an older one; returns its id."""
    wanted = {Language(code).value: text.strip() for code, text in texts_by_language.items() if text.strip()}
    name = name.strip()[:100]
    if not name or not wanted:
        raise MacroEmpty
    _check(wanted.values())
    namesakes = Macro.objects.filter(shop_id=shop_id, name=name).values_list("id", flat=True)
    if set(namesakes) - {macro_id}:
        raise MacroNameTaken(name=name)
    if macro_id is None:
        return Macro.objects.create(shop_id=shop_id, name=name, texts=wanted).pk
    if not Macro.objects.filter(id=macro_id, shop_id=shop_id).update(name=name, texts=wanted):
        raise NotFound
    return macro_id


@transaction.atomic
def delete_macro(macro_id: int, *, shop_id: int, by: Actor) -> None:
    """Forget a saved answer; what was sent with it stays."""
    if not Macro.objects.filter(id=macro_id, shop_id=shop_id).delete()[0]:
        raise NotFound


def _check(written: Collection[str]) -> None:
    for text in written:
        for placeholder in sorted(texts.placeholders(text) - texts.PLACEHOLDERS):
            raise UnknownPlaceholder(placeholder=placeholder, known=", ".join(sorted(texts.PLACEHOLDERS)))
