from django.apps import AppConfig


class InboundConfig(AppConfig):
    name = "opieka.inbound"
    label = "inbound"

    def ready(self) -> None:
        from opieka.inbound import reactions  # noqa: F401  # registered by being imported
