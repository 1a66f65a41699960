from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jinhua_labor.jobs"
    verbose_name = "后台任务"
