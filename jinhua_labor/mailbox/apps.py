from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "jinhua_labor.mailbox"
    verbose_name = "消息"
