from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "jinhua_labor.rulebook"
    verbose_name = "政策版本"
