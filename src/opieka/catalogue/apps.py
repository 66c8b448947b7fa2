from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "opieka.catalogue"
    label = "catalogue"
