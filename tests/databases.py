"""The databases of the tests: copies of one that was migrated once, which is kept until a migration changes.

Copying takes a moment, migrating longer than most modules; each test process and the portal of the journeys take one.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.apps import apps
from django.conf import settings
from psycopg import sql

PREFIX = "portal_migrated_"
LOCK = 0x6A64_7465


def database_url(name: str) -> str:
    """The address of another database beside the one the settings name."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))


def _run(statement: str, *names: str) -> None:
    with psycopg.connect(database_url("postgres"), autocommit=True) as beside:
        beside.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def drop(name: str) -> None:
    _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def create(name: str, *, template: str = "template0") -> None:
    """A database that forgets its last commits when the machine goes down: nobody waits for the disk."""
    drop(name)
    _run("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'", name, template)
    _run("ALTER DATABASE {} SET synchronous_commit = off", name)


def _fingerprint() -> str:
    """Of all that decides what stands in a migrated database."""
    folders = [Path(app.path, "migrations") for app in apps.get_app_configs()]
    files = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    files += sorted(Path(settings.BASE_DIR, "jinhua_labor", "core").glob("*.py"))  # the migrations import its columns
    seen = hashlib.sha256(django.__version__.encode())
    for path in files:
        seen.update(path.name.encode())
        seen.update(path.read_bytes())
    return seen.hexdigest()[:16]


def migrated(*, again: bool = False) -> str:
    """The name of the migrated database; who comes first makes it, the others wait."""
    name = f"{PREFIX}{_fingerprint()}"
    with psycopg.connect(database_url("postgres"), autocommit=True) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        kept = guard.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]).fetchall()
        if (name,) in kept and not again:
            return name
        for (old,) in kept:
            drop(old)
        unfinished = f"{PREFIX}unfinished"
        create(unfinished)
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks"],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": database_url(unfinished), "STATEMENT_TIMEOUT": "0"},
            check=True,
        )
        _run("ALTER DATABASE {} RENAME TO {}", unfinished, name)
    return name
