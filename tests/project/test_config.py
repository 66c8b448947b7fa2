"""A bad setting is refused at once, with a sentence that names it and says what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from opieka.project import config


def load(tmp_path: Path, **variables: str) -> config.Config:
    return config.load({"OPIEKA_DATA": str(tmp_path)} | variables)


def test_an_empty_environment_works(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert loaded.url == "http://127.0.0.1:8000"
    assert loaded.database_url == ""
    assert not loaded.secure


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("OPIEKA_PORT", "eighty", "whole number from 1 to 65535"),
        ("OPIEKA_PORT", "70000", "whole number"),
        ("OPIEKA_URL", "care.example.com", "https://"),
        ("OPIEKA_URL", "https://care.example.com/desk", "https://"),
        ("OPIEKA_DEBUG", "maybe", "yes or no"),
        ("OPIEKA_DATABASE_URL", "mysql://localhost/x", "postgresql://"),
        ("OPIEKA_UNDO_SECONDS", "-1", "0 to 60"),
        ("OPIEKA_DATABSE_URL", "postgresql://localhost/x", "no such setting"),
    ],
)
def test_what_cannot_work_is_refused(tmp_path: Path, variable: str, value: str, sentence: str) -> None:
    with pytest.raises(config.ConfigError, match=sentence) as error:
        load(tmp_path, **{variable: value})
    assert variable in str(error.value)


def test_the_key_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 48
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert load(tmp_path, OPIEKA_SECRET_KEY="mine").secret_key == "mine"


def test_every_setting_has_its_variable() -> None:
    assert set(config.VARIABLES) == set(config.Config.__dataclass_fields__)
