from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "jinhua_labor.rulebook"
