"""What tests with real transactions leave behind goes again; what the migrations wrote stays or comes back.

Django's own way empties every table by one TRUNCATE and then makes all content types and permissions anew, which takes
longer than most tests, is refused on the journal, and passes the queue's tables by. The role of the test database must
be its superuser: deleting past triggers and foreign keys is nobody else's right.
"""

from __future__ import annotations

from django.db import connection, transaction

from jinhua_labor.accounts.enums import Role

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
"""Written by migrations only."""


def filled() -> list[str]:
    """The tables with a row in them that is not there for good."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        )
        tables = sorted({row[0] for row in cursor.fetchall()} - KEPT)
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in tables))  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def empty() -> None:
    """The database as it was migrated."""
    tables = filled()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
    system_user()


def system_user() -> None:
    from jinhua_labor.accounts.models import User

    defaults = {"username": "system", "name": "系统", "is_active": False}
    User.objects.get_or_create(role=Role.SYSTEM, defaults=defaults)
