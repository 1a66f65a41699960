"""How the sweeps ask the portal, and what they make of the answers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User

FINE = {200, 204, 286, 302}
REFUSED = {400, 409, 422, 429}
"""An empty form is refused on the page it came from, in words."""
METHOD = 405

JOURNALS = {
    "audit_auditentry",  # reads of secrets are journalled, by GET too
    "accounts_loginevent",
    "django_session",
    "usersessions_usersession",
    "portal_cache",  # counts of attempts
}


_last: tuple[dict[str, int], dict[str, str]] = ({}, {})
"""The writes PostgreSQL had counted at the last look at the tables, and what stood in them."""


def forget_tables() -> None:
    """Before each test: rows go when a test is undone, and the count of writes does not."""
    global _last
    _last = {}, {}


def writes() -> dict[str, int]:
    """How many rows of each table this transaction has inserted, changed and deleted, undone ones too."""
    counts = " + ".join(f"pg_stat_get_xact_tuples_{what}(oid)" for what in ("inserted", "updated", "deleted"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT relname, {counts} FROM pg_class"  # noqa: S608
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        )
        return {table: count for table, count in cursor.fetchall() if table not in JOURNALS}


def state_of_tables() -> dict[str, str]:
    """What stands in each table, by place and version of each row: the slightest write changes it.

    The tables are read again only when a write was counted since: reading all of them takes longer than most pages.
    """
    global _last
    counted = writes()
    if counted != _last[0]:
        versions = "coalesce(md5(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid)), '')"
        parts = [
            f"SELECT '{table}', count(*) || ':' || {versions} FROM \"{table}\""  # noqa: S608
            for table in sorted(counted)
        ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts))
            _last = counted, dict(cursor.fetchall())
    return _last[1]


_sessions: dict[uuid.UUID, str] = {}
"""Keys of sessions opened when the world was built; each test starts from them as they were."""


def open_sessions(users: Iterable[User]) -> None:
    """Signs everybody in once: a sign-in writes, and takes longer than most pages."""
    for user in users:
        client = Client()
        client.force_login(user)
        _sessions[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value


def close_sessions(users: Iterable[User]) -> None:
    for user in users:
        _sessions.pop(user.pk, None)


def browser(user: User | None, **options: bool) -> Client:
    client = Client(raise_request_exception=False, **options)
    if user and user.pk in _sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = _sessions[user.pk]
    elif user:
        client.force_login(user)
    return client


def ask(client: Client, method: str, address: str) -> HttpResponseBase:
    """The answer, read to its end; a form comes with nothing in it but a field nobody asked for."""
    response = client.get(address) if method == "GET" else client.post(address, {"probe": "1"})
    if response.streaming:
        response.body = b"".join(response)  # type: ignore[attr-defined,arg-type]  # the client closes it at its end
    return response


WITHOUT_FACTOR = {"mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"}
"""Pages of a second factor that this person has not set up: there is nothing to show."""


def accepts(name: str, status: int, method: str) -> bool:
    if name in WITHOUT_FACTOR and status == 404:
        return True
    return status in FINE or status == METHOD or (method == "POST" and status in REFUSED)


def is_sign_in(response: HttpResponseBase) -> bool:
    return response.status_code == 302 and response["Location"].startswith(reverse("account_login"))


class Findings(list[str]):
    """What did not hold, told all at once."""

    def expect(self, holds: bool, who: str, method: str, response: HttpResponseBase, wanted: str) -> None:
        if not holds:
            where = f" → {response['Location']}" if response.has_header("Location") else ""
            self.append(f"{method} {who}：得到 {response.status_code}{where}，应为 {wanted}")

    def changed(self, before: dict[str, str], who: str) -> None:
        after = state_of_tables()
        self.extend(f"{who}：改动了 {table}" for table in after if after[table] != before[table])

    def tell(self) -> None:
        if self:
            pytest.fail("\n".join(self), pytrace=False)
