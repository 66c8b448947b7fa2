from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "opieka.portal"
    label = "portal"
