"""Addresses of incoming webhooks."""

from __future__ import annotations

from django.urls import path

from opieka.inbound import views

app_name = "inbound"
urlpatterns = [
    path("orders/<int:connection_id>/", views.orders_webhook, name="orders"),
    path("tracking/<int:connection_id>/", views.tracking_webhook, name="tracking"),
    path("sms/<str:token>/", views.texts, name="texts"),
    path("sms/<str:token>/report/", views.text_reports, name="text_reports"),
    path("mail/<str:token>/<slug:provider>/", views.provider_mail, name="provider_mail"),
    path("mail/<str:token>/<slug:provider>/events/", views.provider_events, name="provider_events"),
]
