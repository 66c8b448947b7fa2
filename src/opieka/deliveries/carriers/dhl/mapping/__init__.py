"""What DHL says: by its unified tracking, and by DHL24 in Poland."""

from __future__ import annotations

from collections.abc import Mapping

from opieka.deliveries.carriers.base import Meaning
from opieka.deliveries.carriers.dhl.mapping import poland, unified

CODES: Mapping[str, Meaning] = {**unified.CODES, **poland.CODES}
