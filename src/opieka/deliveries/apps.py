from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "opieka.deliveries"
    label = "deliveries"

    def ready(self) -> None:
        from opieka.deliveries import jobs, reactions  # noqa: F401  # registered by being imported
