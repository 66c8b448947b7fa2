"""What can go wrong in a command, as exceptions with a stable code, typed data and a translated sentence.

    DomainError
    ├── NotFound   404  it is not there, or not for you to see
    ├── Forbidden  403  you may not do this
    ├── Conflict   409  somebody or something came first
    └── Invalid    422  what you sent cannot be right

A domain subclasses these, sets `code` and `sentence`, and raises with the data its sentence needs. Data that are codes
stay codes for programs; `names` says what people call them.
Each surface maps the four once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A command refused. `code` is stable; `str()` is the sentence in the active language."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"
    sentence: ClassVar[str | Promise] = _("Something went wrong. Nothing was changed.")

    names: ClassVar[Mapping[str, Mapping[str, str | Promise]]] = {}
    """For each of the data that is a code, or several of them: what the codes are called."""

    def __init__(self, **data: object) -> None:
        super().__init__()
        self.data = data

    def __str__(self) -> str:
        told = {name: self._called(name, value) for name, value in self.data.items()}
        return str(self.sentence) % told if told else str(self.sentence)

    def _called(self, name: str, value: object) -> object:
        known = self.names.get(name)
        if known is None:
            return value
        codes: Iterable[object] = value if isinstance(value, list | tuple) else [value]
        return ", ".join(str(known.get(str(code), str(code))) for code in codes)


class NotFound(DomainError):
    status = 404
    code = "not_found"
    sentence = _("This does not exist, or you may not see it.")


class Forbidden(DomainError):
    status = 403
    code = "forbidden"
    sentence = _("You may not do this. Ask an owner of the shop for the permission.")


class Conflict(DomainError):
    status = 409
    code = "conflict"
    sentence = _("Somebody else changed this a moment ago. Look again, then repeat your change.")


class Invalid(DomainError):
    status = 422
    code = "invalid"
    sentence = _("This cannot be right. Check it and send it again.")
