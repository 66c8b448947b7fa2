"""What a shop sets about its customers' pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

_SERVER = r"https://[a-z0-9.-]+(?::[0-9]+)?"
_PART = r"[^\s\"'<>;,{}\\]*"
TILES = rf"^({_SERVER})/{_PART}\{{z\}}{_PART}(?:\{{x\}}{_PART}\{{y\}}|\{{y\}}{_PART}\{{x\}}){_PART}$"
DIRECTIONS = (
    rf"^{_SERVER}/{_PART}(?:\{{latitude\}}[,]?{_PART}\{{longitude\}}|\{{longitude\}}[,]?{_PART}\{{latitude\}})"
    rf"{_PART}$"
)


@dataclass(frozen=True, kw_only=True)
class PagePreferences:
    """The map on customers' pages: the address of a server's tiles (TILES; "": no map), what that server wants to be
    said with them, and the address of directions to a place (DIRECTIONS; "": none)."""

    key: ClassVar[str] = "pages"
    map_tiles: str = ""
    map_credit: str = ""
    map_directions: str = ""

    @property
    def tile_server(self) -> str:
        """The origin tiles come from; "" without a map."""
        found = re.match(TILES, self.map_tiles)
        return found[1] if found else ""

    def directions(self, latitude: float, longitude: float) -> str:
        """Where the way to a place is shown; "" when there is no such address."""
        if not re.match(DIRECTIONS, self.map_directions):
            return ""
        placed = self.map_directions.replace("{latitude}", f"{latitude:.6f}")
        return placed.replace("{longitude}", f"{longitude:.6f}")
