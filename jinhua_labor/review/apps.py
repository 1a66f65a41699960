from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "jinhua_labor.review"
