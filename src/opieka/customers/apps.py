from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "opieka.customers"
    label = "customers"
