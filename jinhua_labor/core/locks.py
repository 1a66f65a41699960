"""Locks on a name, for what has no row of its own to lock (number series, one operator's import)."""

from django.db import connection


def lock_name(name: str) -> None:
    """Serialises everyone who asks for this name until the transaction ends; the caller holds one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
