"""`manage.py seed_demo [--if-empty]`: an application in every state, with everybody who works on them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from jinhua_labor.core.errors import Refused
from jinhua_labor.demo import services


class Command(BaseCommand):
    help = "写入演示数据（虚构的单位、人员和申请），只用于本机试用。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="数据库里已有单位时什么也不做")

    def handle(self, *args: Any, if_empty: bool = False, **options: Any) -> None:
        if if_empty and (not settings.LOCAL or not services.is_empty()):
            return
        try:
            services.seed()
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("已写入演示数据。账号见 manage.py demo_accounts。")
