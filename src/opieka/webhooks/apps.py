from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "opieka.webhooks"
    label = "webhooks"
