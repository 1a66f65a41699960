"""`tests/benchmarks/run`: which benchmarks, in which database, and where the figures go."""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from jinhua_labor.localdb.cluster import STATE_DIR, Cluster

NAMES = ("documents", "roster_import", "recount", "pages", "year", "sheets")
WITHOUT_DATABASE = ("documents",)


@contextmanager
def server() -> Iterator[str]:
    """The address of a PostgreSQL: the one DATABASE_URL names, else an embedded one of this run's own."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    cluster = Cluster(STATE_DIR / "postgres-benchmarks")
    try:
        yield cluster.start()
    finally:
        cluster.stop()
        shutil.rmtree(cluster.base, ignore_errors=True)
        cluster.base.with_suffix(".lock").unlink(missing_ok=True)


@contextmanager
def own_database(server: str) -> Iterator[None]:
    """A database with the portal's tables and nothing in it, for this run only; DATABASE_URL names it meanwhile."""
    import psycopg

    name = f"portal_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        os.environ["DATABASE_URL"] = server.rpartition("/")[0] + f"/{name}"
        try:
            yield
        finally:
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
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that database and files go on `kill` too
    if os.nice(0) == 0:  # started with `nice`, it keeps the place it was given
        with suppress(PermissionError):
            os.nice(-10)  # before whatever else the machine does; all contenders alike
    with ExitStack() as stack:
        if set(names) <= set(WITHOUT_DATABASE):
            os.environ.setdefault("DATABASE_URL", "postgres://nobody@127.0.0.1/none")  # the settings want one
        else:
            stack.enter_context(own_database(stack.enter_context(server())))
        import django

        django.setup()
        if not set(names) <= set(WITHOUT_DATABASE):
            from django.core.management import call_command

            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
        for name in names:
            found = importlib.import_module(f"tests.benchmarks.{name}").run(quick=options.quick)
            for report in found if isinstance(found, list) else [found]:
                print(report.text(), flush=True)
                missed += report.missed
        from django.db import connections

        connections.close_all()
    if missed:
        print("Beyond the reach: " + "; ".join(missed))
    return 1 if missed and not options.quick else 0


if __name__ == "__main__":
    sys.exit(main())
