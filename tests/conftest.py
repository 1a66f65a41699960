"""What every test with a database takes for granted."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Lets tests with real transactions empty the tables afterwards: TRUNCATE is refused on the journal otherwise."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE NOT tgisinternal AND (tgtype & 32) <> 0"  # TRUNCATE
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')


@pytest.fixture(autouse=True)
def _system_user(request: pytest.FixtureRequest) -> None:
    """The user `system` comes from a migration; a test that emptied the tables took it with it."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        from jinhua_labor.accounts.enums import Role
        from jinhua_labor.accounts.models import User

        User.objects.get_or_create(
            role=Role.SYSTEM, defaults={"username": "system", "name": "系统", "is_active": False}
        )
