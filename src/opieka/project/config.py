"""The installation's configuration: one frozen object, read from the environment, checked at once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class ConfigError(ValueError):
    """A variable has a value that cannot work; the message names it and says what to write."""


@dataclass(frozen=True)
class Config:
    """Every setting of an installation. `VARIABLES` names their variables, docs/operate.md explains them."""

    data: Path
    database_url: str
    secret_key: str
    url: str
    host: str
    port: int
    smtp_host: str
    smtp_port: int
    debug: bool
    trusted_proxy: bool
    internal_hosts: frozenset[str]
    max_mail_bytes: int
    undo_seconds: int
    worker_concurrency: int

    @property
    def hostname(self) -> str:
        return urlsplit(self.url).hostname or "localhost"

    @property
    def secure(self) -> bool:
        """Whether people reach this installation by https."""
        return self.url.startswith("https://")


VARIABLES: Mapping[str, tuple[str, str]] = {
    "data": ("OPIEKA_DATA", "var"),
    "database_url": ("OPIEKA_DATABASE_URL", ""),
    "secret_key": ("OPIEKA_SECRET_KEY", ""),
    "url": ("OPIEKA_URL", ""),
    "host": ("OPIEKA_HOST", "127.0.0.1"),
    "port": ("OPIEKA_PORT", "8000"),
    "smtp_host": ("OPIEKA_SMTP_HOST", "127.0.0.1"),
    "smtp_port": ("OPIEKA_SMTP_PORT", "2525"),
    "debug": ("OPIEKA_DEBUG", "no"),
    "trusted_proxy": ("OPIEKA_TRUSTED_PROXY", "no"),
    "internal_hosts": ("OPIEKA_INTERNAL_HOSTS", ""),
    "max_mail_bytes": ("OPIEKA_MAX_MAIL_BYTES", "41943040"),
    "undo_seconds": ("OPIEKA_UNDO_SECONDS", "8"),
    "worker_concurrency": ("OPIEKA_WORKER_CONCURRENCY", "4"),
}


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """Read and check every variable; ConfigError on the first that cannot work."""
    raw = {name: environ.get(variable, default) for name, (variable, default) in VARIABLES.items()}
    unknown = {key for key in environ if key.startswith("OPIEKA_")} - _known()
    if unknown:
        raise ConfigError(f"{', '.join(sorted(unknown))}: no such setting. Correct the name or remove it.")
    data = Path(raw["data"]).expanduser().absolute()
    host, port = raw["host"], _number(raw, "port", 1, 65535)
    return Config(
        data=data,
        database_url=_database(raw["database_url"]),
        secret_key=raw["secret_key"] or _stored_key(data),
        url=_url(raw["url"] or f"http://{host}:{port}"),
        host=host,
        port=port,
        smtp_host=raw["smtp_host"],
        smtp_port=_number(raw, "smtp_port", 0, 65535),
        debug=_flag(raw, "debug"),
        trusted_proxy=_flag(raw, "trusted_proxy"),
        internal_hosts=frozenset(filter(None, (h.strip().lower() for h in raw["internal_hosts"].split(",")))),
        max_mail_bytes=_number(raw, "max_mail_bytes", 65536, 1 << 30),
        undo_seconds=_number(raw, "undo_seconds", 0, 60),
        worker_concurrency=_number(raw, "worker_concurrency", 1, 64),
    )


def _known() -> set[str]:
    # Names read elsewhere: the tests' and the browser tests' own switches.
    return {variable for variable, _ in VARIABLES.values()} | {
        "OPIEKA_SHARED",
        "OPIEKA_TEST_DATABASE_URL",
        "OPIEKA_TEST_REQUIRE",
    }


def _number(raw: Mapping[str, str], name: str, low: int, high: int) -> int:
    try:
        value = int(raw[name])
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise ConfigError(f"{VARIABLES[name][0]}={raw[name]!r}: write a whole number from {low} to {high}.")
    return value


def _flag(raw: Mapping[str, str], name: str) -> bool:
    value = raw[name].strip().lower()
    if value not in {"yes", "no", "true", "false", "1", "0"}:
        raise ConfigError(f"{VARIABLES[name][0]}={raw[name]!r}: write yes or no.")
    return value in {"yes", "true", "1"}


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ConfigError(f"OPIEKA_URL={value!r}: write an address such as https://care.example.com")
    return value.rstrip("/")


def _database(value: str) -> str:
    if value and urlsplit(value).scheme not in {"postgresql", "postgres"}:
        raise ConfigError("OPIEKA_DATABASE_URL: write postgresql://user:password@host:5432/name")
    return value


def _stored_key(data: Path) -> str:
    """The installation key kept in the data folder, made on first use."""
    path = data / "secret.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        # Two processes may start together: linking fails for the second, which then reads the first's key.
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
