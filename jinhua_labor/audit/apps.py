from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "jinhua_labor.audit"
    verbose_name = "操作日志"
