from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "jinhua_labor.attachments"
    verbose_name = "附件"
