from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "opieka.clocks"
    label = "clocks"
