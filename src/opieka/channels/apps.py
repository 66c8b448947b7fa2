from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "opieka.channels"
    label = "channels"
