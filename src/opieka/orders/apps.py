from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "opieka.orders"
    label = "orders"
