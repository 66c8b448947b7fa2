from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "opieka.returns"
    label = "returns"

    def ready(self) -> None:
        from opieka.returns import jobs, reactions  # noqa: F401  # registered by being imported
