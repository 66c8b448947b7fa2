"""What a shop's customers see beside their order: the logo, the map."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from opieka.deliveries.types import DIRECTIONS, TILES, PagePreferences


class PagesForm(forms.Form):
    """The logo, and where a map comes from."""

    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 200 kB; it is shown 48 pixels high."),
        required=False,
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Show the name without a logo"), required=False)
    map_tiles = forms.CharField(
        label=gettext_lazy("Address of the map's tiles"),
        help_text=gettext_lazy(
            "With {z}, {x} and {y} in it. Customers' browsers ask this server, once they open the map. Empty: no map."
        ),
        required=False,
        max_length=300,
        validators=[
            RegexValidator(
                TILES,
                gettext_lazy("Write an address like https://tiles.example.com/{z}/{x}/{y}.png."),
            )
        ],
    )
    map_credit = forms.CharField(
        label=gettext_lazy("What its server wants to be said with it"),
        help_text=gettext_lazy("For example: © OpenStreetMap contributors"),
        required=False,
        max_length=200,
    )
    map_directions = forms.CharField(
        label=gettext_lazy("Address of the way to a pickup point"),
        help_text=gettext_lazy("With {latitude} and {longitude} in it. Empty: no link."),
        required=False,
        max_length=300,
        validators=[
            RegexValidator(
                DIRECTIONS,
                gettext_lazy("Write an address like https://maps.example.com/?to={latitude},{longitude}."),
            )
        ],
    )

    def __init__(self, *args: Any, has_logo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_logo:
            del self.fields["no_logo"]

    def preferences(self) -> PagePreferences:
        """The map as it was filled in."""
        return PagePreferences(
            **{name: self.cleaned_data[name] for name in ("map_tiles", "map_credit", "map_directions")}
        )
