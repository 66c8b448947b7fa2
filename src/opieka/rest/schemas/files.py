"""Stored files."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from opieka.rest.fields import CLEAN, In, Out, Sha256


class File(Out):
    """A stored file; `content_type` is what its bytes are, not what was claimed."""

    sha256: str
    filename: str
    content_type: str
    size: int


class FileName(In):
    """A stored file that goes with a message, under a name."""

    sha256: Sha256
    filename: Annotated[str, Field(min_length=1, max_length=255, pattern=CLEAN)]
