from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "opieka.deliveries"
    label = "deliveries"
