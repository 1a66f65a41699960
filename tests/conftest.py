"""What every test with a database takes for granted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client

from jinhua_labor.accounts.enums import Role
from tests import factories
from tests.logwatch import reading_along

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from jinhua_labor.accounts.models import User

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs beside Django's sync code


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser of a test process: a second playwright beside it would refuse to start."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Lets tests with real transactions empty the tables afterwards: TRUNCATE is refused on the journal otherwise.
    A database kept from an earlier run (--reuse-db) was emptied by them: the user `system` comes back."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE NOT tgisinternal AND (tgtype & 32) <> 0"  # TRUNCATE
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')
        _system_user()


@pytest.fixture(autouse=True)
def _emptied_tables(request: pytest.FixtureRequest) -> None:
    """A test with real transactions begins without work left in the queue, which emptying Django's tables passes by,
    and with the user `system`, which a migration makes and the emptying takes away."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
        _system_user()


def _system_user() -> None:
    from jinhua_labor.accounts.models import User

    defaults = {"username": "system", "name": "系统", "is_active": False}
    User.objects.get_or_create(role=Role.SYSTEM, defaults=defaults)


@pytest.fixture(autouse=True)
def _log_keeps_secrets() -> Iterator[None]:
    """No test of the suite writes a number of identity, a session or a password to the log."""
    with reading_along() as told:
        yield
    assert told == []


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    """Files of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"


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
