"""What browsers load: kept for ever under names that change with the content."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.templatetags.static import static
from django.test import Client

from opieka.project import assets


@pytest.mark.django_db  # the end of a request looks after its connection, whoever has answered
@pytest.mark.parametrize("name", ["desk/css/base.css", "desk/js/desk.js", "vendor/htmx/htmx.min.js"])
def test_is_named_by_its_content_kept_for_ever_and_compressed(name: str, client: Client) -> None:
    address = static(name)
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    answer.close()
    assert re.search(r"\.[0-9a-f]{12}\.(css|js)$", address)
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    assert int(re.findall(r"max-age=(\d+)", answer["Cache-Control"])[0]) >= 365 * 24 * 3600
    assert answer["Content-Encoding"] == "gzip"


def test_modules_import_one_another_by_the_same_names() -> None:
    folder = Path(settings.STATIC_ROOT)
    served = set(json.loads((folder / "staticfiles.json").read_text())["paths"].values())
    imported = {
        f"desk/js/{found}"
        for name in served
        if name.startswith("desk/js/")
        for found in re.findall(r"""(?:from|import)\s*["']\./([^"']+)["']""", (folder / name).read_text())
    }
    assert len(imported) > 10
    assert imported <= served


def test_collecting_again_changes_nothing() -> None:
    made = Path(settings.STATIC_ROOT).with_name("static.made")
    before = made.stat().st_mtime_ns
    assets.collect()
    assert made.stat().st_mtime_ns == before
