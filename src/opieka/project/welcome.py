"""What `opieka serve` says when it is up."""

from __future__ import annotations

from django.conf import settings


def text() -> str:
    """Where the desk is."""
    return f"[green]Opieka is up:[/] {settings.OPIEKA.url}"
