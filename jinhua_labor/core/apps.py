from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "jinhua_labor.core"
    verbose_name = "基础"

    def ready(self) -> None:
        from jinhua_labor.core import checks, logs  # noqa: F401  # checks register themselves on import

        logs.configure()
