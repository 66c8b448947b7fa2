"""Every address of the installation."""

from __future__ import annotations

from django.urls import include, path

from opieka.rest.api import urls as api

handler400 = "opieka.desk.views.errors.bad"
handler403 = "opieka.desk.views.errors.denied"
handler404 = "opieka.desk.views.errors.missing"
handler500 = "opieka.desk.views.errors.broken"

urlpatterns = [
    path("api/v1/", api),
    path("accounts/", include("allauth.urls")),
    path("inbound/", include("opieka.inbound.urls")),
    path("my/", include("opieka.portal.urls")),
    path("", include("opieka.desk.urls")),
]
