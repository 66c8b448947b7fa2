from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "opieka.channels"
    label = "channels"

    def ready(self) -> None:
        from opieka.channels import reactions  # noqa: F401  # registered by being imported
