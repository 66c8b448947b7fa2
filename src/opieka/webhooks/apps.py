from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "opieka.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from opieka.webhooks import jobs, reactions  # noqa: F401  # registered by being imported
