"""What browsers load: named by its content, so that it may be kept for ever, and compressed once."""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Scripts of pages that ours stand for, and what only readers of the source want.
_NOT_SERVED = ["account", "mfa", "*.toml"]


class Assets(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise's class is untyped
    """Modules and stylesheets name one another by relative paths; as they are served they name the hashed files."""

    support_js_module_import_aggregation = True


def collect() -> None:
    """Put what browsers load into the data folder, unless it is there as this version has it."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    made, present = root.with_name("static.made"), _fingerprint()
    with root.with_name("static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several web processes may share the folder
        if not made.exists() or made.read_text() != present:
            # What an older version has left stays: pages that are open still ask for it.
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=_NOT_SERVED)
            made.write_text(present)


def _fingerprint() -> str:
    """Changes with any of the files and with how they are made."""
    found = hashlib.sha256(Path(__file__).read_bytes())
    for finder in finders.get_finders():
        for name, storage in finder.list(_NOT_SERVED):
            with storage.open(name) as file:
                found.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(file.read()).digest())
    return found.hexdigest()
