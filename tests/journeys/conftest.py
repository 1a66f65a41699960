"""A portal that runs, a browser, and people who sit before it.

JOURNEY_SHOTS=folder keeps a picture of every page that was looked at, at a desk, on a phone and in 大字版.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, expect

from . import portal as portals
from .portal import Portal
from .visitor import DESKTOP, Visitor


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


expect.set_options(timeout=15_000)  # a busy machine is no fault of the portal's


@pytest.fixture(autouse=True)
def _own_media() -> None:
    """The portal of the journeys keeps its files itself."""


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One test process at a time."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Portal]:
    """The demo, served. It is told once for all test processes; each works on its own copy."""
    folder = tmp_path_factory.mktemp("portal")
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    template, database = portals.name_of("template"), portals.name_of(worker_id)
    media, lock, users = shared / "journeys-media", shared / "journeys.lock", shared / "journeys.users"
    with alone(lock):
        working = int(users.read_text()) if users.exists() else 0
        if not working:
            shutil.rmtree(media, ignore_errors=True)
            media.mkdir()
            portals.prepare(template, media)
        users.write_text(str(working + 1))
        portals.create(database, template=template)
        shutil.copytree(media, folder / "media")
    try:
        with portals.served(database, folder / "media", folder) as running:
            yield running
    finally:
        portals.drop(database)
        with alone(lock):
            working = int(users.read_text()) - 1
            users.write_text(str(working))
            if not working:
                portals.drop(template)


@pytest.fixture
def inside(portal: Portal, settings: Any, django_db_blocker: Any) -> Iterator[Portal]:
    """This test's own hands on the portal's rows: services called here act on the running portal, for good."""
    settings.MEDIA_ROOT = portal.media
    connection = connections["default"]
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = portal.database
    with django_db_blocker.unblock():
        yield portal
        connection.close()
    connection.settings_dict["NAME"] = before


@pytest.fixture
def visitor(portal: Portal, chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Opens a window for a person; what went wrong in it fails the test at the end."""
    opened: list[Visitor] = []

    def window(name: str = "访客", **options: Any) -> Visitor:
        options.setdefault("viewport", DESKTOP)
        context = chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True, **options)
        opened.append(one := Visitor(portal, context, name, scripts=options.get("java_script_enabled", True)))
        return one

    yield window
    for one in opened:
        one.context.close()
    if faults := [f"{one.name} {fault}" for one in opened for fault in one.faults]:
        pytest.fail("\n".join(faults), pytrace=False)
