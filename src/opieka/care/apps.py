from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "opieka.care"
    label = "care"

    def ready(self) -> None:
        from opieka.care import reactions  # noqa: F401  # registered by being imported
