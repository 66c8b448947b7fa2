from django.apps import AppConfig


class ShopsConfig(AppConfig):
    name = "opieka.shops"
    label = "shops"
