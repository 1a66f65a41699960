from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "subsidies"
    verbose_name = "补贴"

    def ready(self) -> None:
        from .payments import checks  # noqa: F401  registers itself on import
