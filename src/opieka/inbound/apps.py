from django.apps import AppConfig


class InboundConfig(AppConfig):
    name = "opieka.inbound"
    label = "inbound"
