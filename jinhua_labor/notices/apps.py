from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "jinhua_labor.notices"
