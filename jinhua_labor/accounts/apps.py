from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jinhua_labor.accounts"
    verbose_name = "账号"
