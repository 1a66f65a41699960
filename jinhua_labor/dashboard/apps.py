from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "jinhua_labor.dashboard"
