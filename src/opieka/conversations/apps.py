from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "opieka.conversations"
    label = "conversations"

    def ready(self) -> None:
        from opieka.conversations import jobs, reactions  # noqa: F401  # registered by being imported
