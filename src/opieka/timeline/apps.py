from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "opieka.timeline"
    label = "timeline"
