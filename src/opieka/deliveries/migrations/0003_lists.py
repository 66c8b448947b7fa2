"""What the control tower sorts and filters open parcels by."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

from opieka.deliveries.types import TERMINAL

IS_OPEN = ~Q(stage__in=TERMINAL)
INDEXES = {
    "parcel_by_risk": ["shop", "risk", "id"],
    "parcel_by_promise": ["shop", "promised_to", "id"],
    "parcel_by_news": ["shop", "last_report_at", "id"],
    "parcel_by_carrier": ["shop", "carrier", "-id"],
    "parcel_by_depot": ["shop", "depot", "-id"],
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("deliveries", "0002_foresight")]

    operations: ClassVar = [
        migrations.AddIndex("parcel", models.Index(fields=fields, name=name, condition=IS_OPEN))
        for name, fields in INDEXES.items()
    ]
