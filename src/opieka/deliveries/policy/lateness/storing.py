"""A model as bytes and back: named plain arrays in NumPy's own container, never pickled."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import numpy as np

from opieka.deliveries.policy.lateness.blend import Blend
from opieka.deliveries.policy.lateness.clues import Known
from opieka.deliveries.policy.lateness.model import Model, WayModel
from opieka.deliveries.policy.lateness.pace import Pace
from opieka.deliveries.policy.lateness.records import Way
from opieka.deliveries.policy.lateness.transit import Effects, Transit
from opieka.deliveries.policy.lateness.trees import Trees
from opieka.deliveries.policy.lateness.workdays import Workdays

FORM = 2
Arrays = dict[str, Any]


class Unreadable(ValueError):
    """These bytes are no model of this form."""


def dump(model: Model) -> bytes:
    """What `load` reads; only the last day's pace is kept."""
    arrays: Arrays = {"form": np.array(FORM), "as_of": np.array(model.as_of)}
    for way, one in model.kept().ways.items():
        arrays |= {f"{way}.{name}": array for name, array in _flat(one).items()}
    written = BytesIO()
    np.savez_compressed(written, allow_pickle=False, **arrays)
    return written.getvalue()


def load(data: bytes) -> Model:
    """A model from bytes; `Unreadable` when they are of another form."""
    try:
        with np.load(BytesIO(data), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        if int(arrays["form"]) != FORM:
            raise Unreadable(f"form {arrays['form']}")
        ways = {way: _way(way, _below(arrays, way)) for way in Way if f"{way}.hazard" in arrays}
        return Model(float(arrays["as_of"]), ways)
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as problem:
        raise Unreadable(str(problem)) from problem


def _flat(one: WayModel) -> Arrays:
    transit, pace = one.known.transit, one.known.pace
    found: Arrays = {
        "clock": transit.clock.passed,
        "numbers": np.array(
            [transit.clock.first, transit.effects.base, one.blend.offset, one.blend.slope, pace.first]
        ),
        "hazard": transit.hazard,
        "lane_keys": pace.lane_keys,
        "region_keys": pace.region_keys,
        "lanes": pace.lanes,
        "regions": pace.regions,
        "whole": pace.whole,
    }
    for i, (keys, values) in enumerate(zip(transit.effects.keys, transit.effects.values, strict=True)):
        found |= {f"keys{i}": keys, f"values{i}": values}
    if one.trees is not None:
        base = np.array(one.trees.base)
        found |= {
            "base": base,
            "feature": one.trees.feature,
            "threshold": one.trees.threshold,
            "value": one.trees.value,
        }
    return found


def _way(way: Way, arrays: Arrays) -> WayModel:
    first, effect_base, offset, slope, pace_first = (float(each) for each in arrays["numbers"])
    groups = range(sum(name.startswith("values") for name in arrays))
    effects = Effects(
        effect_base,
        tuple(arrays[f"keys{i}"] for i in groups),
        tuple(arrays[f"values{i}"] for i in groups),
    )
    transit = Transit(Workdays(int(first), arrays["clock"]), effects, arrays["hazard"])
    paces = (arrays[name] for name in ("lane_keys", "region_keys", "lanes", "regions", "whole"))
    grown = None
    if "base" in arrays:
        grown = Trees(float(arrays["base"]), arrays["feature"], arrays["threshold"], arrays["value"])
    return WayModel(Known(way, transit, Pace(int(pace_first), *paces)), grown, Blend(offset, slope))


def _below(arrays: Arrays, way: Way) -> Arrays:
    return {
        name.removeprefix(f"{way}."): array for name, array in arrays.items() if name.startswith(f"{way}.")
    }
