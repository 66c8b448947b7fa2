from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "opieka.conversations"
    label = "conversations"
