"""Backup and restore, through the command line and on an installation of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def opieka(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a verb in an installation with an embedded database."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OPIEKA_")}
    return subprocess.run(
        [sys.executable, "-m", "opieka.project.cli", *words],
        env=environment | {"OPIEKA_DATA": str(data)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


SHOP = ["--name", "Las", "--country", "PL", "--currency", "PLN", "--timezone", "Europe/Warsaw"]


def test_an_installation_moves_with_its_key_and_refuses_to_be_overwritten(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "backup.tar"
    assert opieka(old, "shop", "add", "las", *SHOP).returncode == 0
    assert opieka(old, "backup", str(file)).returncode == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert opieka(new, "restore", str(file)).returncode == 0
    assert (new / "secret.key").read_text() == (old / "secret.key").read_text()
    taken = opieka(new, "shop", "add", "las", *SHOP)
    assert taken.returncode == 1
    assert "“las”" in taken.stderr
    refused = opieka(new, "restore", str(file))
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert opieka(new, "restore", "--replace", str(file)).returncode == 0
    assert "no backup of Opieka" in opieka(new, "restore", "--replace", __file__).stderr
