from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "opieka.rest"
    label = "rest"

    def ready(self) -> None:
        from opieka.rest import reactions  # noqa: F401  # registered by being imported
