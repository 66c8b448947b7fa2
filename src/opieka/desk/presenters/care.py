"""What care does, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opieka.care.types import NoticeKind

NOTICES: Mapping[NoticeKind, Promise] = {
    NoticeKind.ACCEPTED: _("The carrier has the parcel"),
    NoticeKind.OUT_FOR_DELIVERY: _("Out for delivery"),
    NoticeKind.READY: _("Waits to be collected"),
    NoticeKind.ATTEMPTED: _("Nobody took the parcel"),
    NoticeKind.DELIVERED: _("Delivered"),
}
