"""The addresses of the portal: `/my/`. Those under `o/` carry the key to one order."""

from __future__ import annotations

from django.urls import path

from opieka.portal.views import arrived, cancelling, choosing, door, look, order

app_name = "portal"

urlpatterns = [
    path("look/<slug:slug>.css", look.show, name="look"),
    path("look/<slug:slug>/<str:sha256>/", look.logo, name="logo"),
    path("in/<slug:slug>/", door.knock, name="door"),
    path("in/<slug:slug>/<str:name>/", door.enter, name="code"),
    path("o/<str:key>/", order.show, name="order"),
    path("o/<str:key>/cancel/", cancelling.cancel, name="cancel"),
    path("o/<str:key>/<int:parcel_id>/calendar.ics", order.calendar, name="calendar"),
    path("o/<str:key>/<int:parcel_id>/arrived/", arrived.tell, name="arrived"),
    path("o/<str:key>/<int:parcel_id>/<str:kind>/", choosing.choose, name="choose"),
    path("o/<str:key>/choices/<int:choice_id>/", choosing.withdraw, name="withdraw"),
]
