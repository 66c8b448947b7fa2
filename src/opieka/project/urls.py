"""Every address of the installation."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("inbound/", include("opieka.inbound.urls")),
]
