"""Fetch what browsers load that others wrote: `python -m opieka.project.vendor`.

Reads `desk/static/vendor/vendor.toml`, fetches each package with `npm pack`, compares the tarball with the
manifest's integrity hash and each taken file with its own, and writes next to the manifest. The result is
committed, so neither users nor CI need Node. Exits 1 and names every file that is not the one expected.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).parents[1] / "desk" / "static" / "vendor" / "vendor.toml"
SOURCE_MAP = re.compile(rb"\s*(?:/\*|//)# sourceMappingURL=\S+(?: ?\*/)?\s*$")
BLANK_PATH = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


@dataclass(frozen=True)
class Vendored:
    """One file beside the manifest, what it must hash to, and its content when just fetched."""

    path: Path
    sha256: str
    content: bytes

    @property
    def as_expected(self) -> bool:
        return hashlib.sha256(self.content).hexdigest() == self.sha256


def committed() -> list[Vendored]:
    """What the manifest names, with the content that lies in the tree now; no network."""
    entries = [entry for package in _packages() for entry in _entries(package)]
    paths = [(MANIFEST.parent / entry["to"], entry["sha256"]) for entry in entries]
    return [Vendored(path, sha256, path.read_bytes()) for path, sha256 in paths]


def icons() -> frozenset[str]:
    """The names of the icons in the sprite."""
    return frozenset(name for package in _packages() for name in package.get("sprite", {}).get("icons", ()))


def fetch() -> list[Vendored]:
    """The same files from the npm registry; ValueError when a tarball is not the one of the manifest."""
    return [file for package in _packages() for file in _unpack(package)]


def main() -> int:
    files = fetch()
    for file in files:
        file.path.parent.mkdir(parents=True, exist_ok=True)
        file.path.write_bytes(file.content)
    wrong = [file for file in files if not file.as_expected]
    for file in wrong:
        sys.stderr.write(f"{file.path.name}: sha256 is {hashlib.sha256(file.content).hexdigest()}\n")
    return 1 if wrong else 0


def _packages() -> list[dict[str, Any]]:
    return list(tomllib.loads(MANIFEST.read_text())["package"])


def _entries(package: dict[str, Any]) -> list[dict[str, Any]]:
    return [*package["files"], *([package["sprite"]] if "sprite" in package else [])]


def _unpack(package: dict[str, Any]) -> list[Vendored]:
    with tempfile.TemporaryDirectory() as folder:
        spec = f"{package['name']}@{package['version']}"
        command = ["npm", "pack", "--silent", "--pack-destination", folder, spec]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 the manifest is ours
        [tarball] = Path(folder).iterdir()
        digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
        if package["integrity"] != f"sha512-{digest}":
            raise ValueError(f"{spec} is not the tarball of the manifest: sha512-{digest}")
        with tarfile.open(tarball) as archive:
            return [_take(archive, entry) for entry in _entries(package)]


def _take(archive: tarfile.TarFile, entry: dict[str, Any]) -> Vendored:
    content = _sprite(archive, entry) if "icons" in entry else _read(archive, entry["take"])
    # A map that is not there would fail the build of the static files' manifest.
    return Vendored(MANIFEST.parent / entry["to"], entry["sha256"], SOURCE_MAP.sub(b"\n", content))


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(f"package/{name}")
    if file is None:
        raise ValueError(f"{name} is not a file")
    return file.read()


def _sprite(archive: tarfile.TarFile, entry: dict[str, Any]) -> bytes:
    """One SVG with a symbol per icon; colour and stroke come from the page's stylesheet."""
    symbols = []
    for name in sorted(entry["icons"]):
        svg = _read(archive, f"{entry['folder']}/{name}.svg").decode()
        shapes = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")].replace(BLANK_PATH, "")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes.split(chr(10)))}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


if __name__ == "__main__":
    sys.exit(main())
