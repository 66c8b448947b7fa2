from django.apps import AppConfig


class GoodwillConfig(AppConfig):
    name = "opieka.goodwill"
    label = "goodwill"

    def ready(self) -> None:
        from opieka.goodwill import reactions  # noqa: F401  # registered by being imported
