from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "opieka.rest"
    label = "rest"
