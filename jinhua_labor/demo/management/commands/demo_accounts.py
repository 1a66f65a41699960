"""`manage.py demo_accounts`: who can sign in to the demo; nothing where there is no demo."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from jinhua_labor.accounts.models import User
from jinhua_labor.demo.accounts import ACCOUNTS, table


class Command(BaseCommand):
    help = "列出演示账号。"

    def handle(self, *args: Any, **options: Any) -> None:
        there = User.objects.filter(username__in=[one.username for one in ACCOUNTS]).count()
        if settings.LOCAL and there == len(ACCOUNTS):
            self.stdout.write(table())
