"""What every test with a database takes for granted."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from jinhua_labor.accounts.enums import Role
from tests import databases, emptying, factories
from tests.logwatch import reading_along

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from jinhua_labor.accounts.models import User

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs beside Django's sync code


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long first, so that no process waits for another at the end; and what shares a portal or a world
    side by side, so that each process makes it once: journeys, the slow ones, the sweeps (those of empty tables before
    those of the world), all others."""

    def place(item: pytest.Item) -> tuple[int, bool]:
        sweep = item.nodeid.startswith("tests/meta/")
        group = 0 if item.get_closest_marker("journey") else 2 if sweep else 1 if item.get_closest_marker("slow") else 3
        return group, sweep and "world" in getattr(item, "fixturenames", ())

    items.sort(key=place)


NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
"""Whatever a page asks of another host finds nobody. Unlike an interception this leaves the browser its cache."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser of a test process: a second playwright beside it would refuse to start."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[NOWHERE_ELSE])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """A fresh copy of the migrated database for this process (--create-db migrates that one again)."""
    name = connection.creation._get_test_db_name()
    databases.create(name, template=databases.migrated(again=django_db_createdb))
    connection.close()
    connection.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.close()
    databases.drop(name)


@pytest.fixture(autouse=True, scope="session")
def _emptied_tables() -> Iterator[None]:
    """A test with real transactions leaves the tables as it found them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: emptying.empty())
        yield


@pytest.fixture(autouse=True)
def _log_keeps_secrets() -> Iterator[None]:
    """No test of the suite writes a number of identity, a session or a password to the log."""
    with reading_along() as told:
        yield
    assert told == []


@pytest.fixture(scope="session")
def _media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("media")
    return (folder / str(number) for number in itertools.count(1))


@pytest.fixture(autouse=True)
def _own_media(settings: Any, _media: Iterator[Path]) -> None:
    """Files of a test lie in its own folder, which is there when something is stored."""
    settings.MEDIA_ROOT = next(_media)


@pytest.fixture
def operator_user(db: None) -> User:
    return factories.user(Role.OPERATOR, is_org_admin=True, name="测试甲")


@pytest.fixture
def stranger_operator(db: None) -> User:
    """An administrator of another operator that has data of its own: a file, a message, a job."""
    stranger = factories.user(Role.OPERATOR, is_org_admin=True, name="测试外人")
    from jinhua_labor.attachments.enums import Audience
    from jinhua_labor.attachments.services import store
    from jinhua_labor.jobs.models import Job
    from jinhua_labor.mailbox.services import send

    assert stranger.organisation is not None
    store(factories.png(), by=stranger, organisation=stranger.organisation, audience=Audience.PARTY_AND_OFFICE)
    send(to_user=stranger, subject="外人的消息")
    Job.objects.create(kind="test", title="外人的任务", organisation=stranger.organisation, created_by=stranger)
    return stranger


@pytest.fixture
def centre_clerk(db: None) -> User:
    return factories.user(Role.CENTRE, name="测试中心甲")


@pytest.fixture
def centre_second(db: None) -> User:
    return factories.user(Role.CENTRE, name="测试中心乙")


@pytest.fixture
def bureau_official(db: None) -> User:
    return factories.user(Role.BUREAU, name="测试局甲")


@pytest.fixture
def bureau_second(db: None) -> User:
    return factories.user(Role.BUREAU, name="测试局乙")


@pytest.fixture
def admin(db: None) -> User:
    return factories.user(Role.ADMIN, name="测试管理员")


@pytest.fixture
def auditor(db: None) -> User:
    return factories.user(Role.AUDITOR, name="测试审计")


@pytest.fixture
def association(db: None) -> User:
    return factories.user(Role.ASSOCIATION, name="测试协会")


@pytest.fixture
def finance(db: None) -> User:
    return factories.user(Role.FINANCE, name="测试财务")


@pytest.fixture
def client_for(db: None) -> Callable[[User], Client]:
    """A browser in which that person is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
