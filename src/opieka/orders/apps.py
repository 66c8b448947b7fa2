from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "opieka.orders"
    label = "orders"

    def ready(self) -> None:
        from opieka.orders import reactions  # noqa: F401  # registered by being imported
