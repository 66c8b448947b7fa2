from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "opieka.desk"
    label = "desk"
