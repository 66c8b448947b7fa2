"""Make the process ready: configuration, database address, Django."""

from __future__ import annotations

import os

from opieka.project import config, database


def ready() -> config.Config:
    """Start the embedded database where none is named, then set Django up; bad settings end the process."""
    import django

    try:
        loaded = config.load()
    except config.ConfigError as error:
        raise SystemExit(str(error)) from None
    if not loaded.database_url:
        os.environ["OPIEKA_DATABASE_URL"] = database.start_embedded(loaded.data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opieka.project.settings")
    django.setup()
    return config.load()
