"""`tests/benchmarks/run`: which benchmarks, in which database, and where the figures go."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

NAMES = ("documents", "roster_import", "recount", "pages")
WITHOUT_DATABASE = ("documents",)


@contextmanager
def own_database() -> Iterator[None]:
    """A database with the portal's tables and nothing in it, for this run only; DATABASE_URL names it meanwhile."""
    import psycopg

    server = os.environ["DATABASE_URL"]
    name = f"portal_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        os.environ["DATABASE_URL"] = server.rpartition("/")[0] + f"/{name}"
        try:
            yield
        finally:
            os.environ["DATABASE_URL"] = server
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests/benchmarks/run")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}; all without one")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and rows: to see that it runs")
    options = parser.parse_args()
    names = options.names or list(NAMES)
    if unknown := set(names) - set(NAMES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    missed: list[str] = []
    with suppress(PermissionError):
        os.nice(-10)  # before whatever else the machine does; all contenders alike
    with nullcontext() if set(names) <= set(WITHOUT_DATABASE) else own_database():
        import django

        django.setup()
        if not set(names) <= set(WITHOUT_DATABASE):
            from django.core.management import call_command

            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
        for name in names:
            report = importlib.import_module(f"tests.benchmarks.{name}").run(quick=options.quick)
            print(report.text(), flush=True)
            missed += report.missed
        from django.db import connections

        connections.close_all()
    if missed:
        print("Beyond the reach: " + "; ".join(missed))
    return 1 if missed and not options.quick else 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    sys.exit(main())
