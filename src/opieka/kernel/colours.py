"""An accent colour made readable: darker until white letters stand out on it, lighter on dark pages."""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, rgb_to_hls

ENOUGH = 4.5
"""The contrast WCAG 2.2 asks of text (AA)."""
_HEX = re.compile(r"#[0-9a-f]{6}")
_USUAL = "#0f766e"
_LIGHT, _DARK = "#f1efeb", "#3a2c13"
"""The surfaces letters in the accent stand out least on; white letters stand out on what does on the first."""

Rgb = tuple[float, float, float]


def readable(accent: str) -> tuple[str, str]:
    """The accent for light pages (under white letters, and as letters on white) and for dark ones."""
    given = accent.lower() if _HEX.fullmatch(accent.lower()) else _USUAL
    return _moved(given, _LIGHT, -0.01), _moved(given, _DARK, 0.01)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    light, dark = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _moved(colour: str, against: str, step: float) -> str:
    hue, light, saturation = rgb_to_hls(*_rgb(colour))
    while contrast(colour, against) < ENOUGH and 0 <= light + step <= 1:
        light += step
        colour = _hex(hls_to_rgb(hue, light, saturation))
    return colour


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
