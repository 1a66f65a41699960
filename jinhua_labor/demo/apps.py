from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "jinhua_labor.demo"
