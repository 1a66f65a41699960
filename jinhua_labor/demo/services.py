"""Seeding the demo: all of it or nothing, on a local installation only."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import connection, transaction

from jinhua_labor.accounts.models import Organisation
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from stations.roster.services import headcount

from .story import Story


def is_empty() -> bool:
    """Whether nobody has begun to work here."""
    return not Organisation.objects.exists()


def seed(*, base: dt.date | None = None) -> None:
    """Tells the demo's story as of `base` (today), in one transaction.

    Raises Refused on an installation that is not local, or that holds an organisation already.
    """
    if not settings.LOCAL:
        raise Refused("演示数据只能写入本机试用环境（PORTAL_LOCAL）。")
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One seeding at a time; the second finds the work done.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x6A688_0D30])
            cursor.execute("SET LOCAL statement_timeout = 0")
        if not is_empty():
            raise Refused("数据库里已有单位和人员，演示数据只能写入空的数据库。")
        Story(base or today()).tell()
        headcount.add_up()
