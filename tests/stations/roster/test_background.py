"""Large files in the background: the same steps through the queue, with progress, and nothing counted twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from jinhua_labor.accounts.models import User
from jinhua_labor.jobs.models import Job, JobState
from stations.roster import tasks
from stations.roster.enums import BatchState
from stations.roster.models import Delivery, ImportBatch, RosterList
from stations.roster.services import exporting, reading
from stations.roster.views import importing, listing
from tests.data.people import people
from tests.data.workbooks import roster

from .build import empty_list, filled_list, match, staged, upload

pytestmark = pytest.mark.django_db


def work() -> list[Job]:
    """Does the queued jobs here and now, as a worker would; the jobs they reported to."""
    for queued in ProcrastinateJob.objects.filter(status="todo", task_name__startswith="roster.").order_by("id"):
        app.tasks[queued.task_name](**queued.args)
    return list(Job.objects.order_by("created_at"))


@pytest.fixture
def client(operator_user: User) -> Client:
    client = Client()
    client.force_login(operator_user)
    return client


def test_a_large_upload_is_read_in_the_background(
    client: Client, operator_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AT_ONCE_BYTES", 10)
    roster_list = empty_list(operator_user)
    answer = client.post(
        reverse("roster:upload", args=[roster_list.pk]), {"file": upload(roster(people(5)))}, follow=True
    )
    assert "正在读取" in answer.content.decode()
    (job,) = work()
    batch = ImportBatch.objects.get()
    assert (job.state, batch.state, batch.rows.count()) == (JobState.DONE, BatchState.CHECKING, 5)
    assert "核对名册" in client.get(reverse("roster:import", args=[batch.pk])).content.decode()


def test_a_large_commit_runs_in_the_background_and_is_counted(
    client: Client, operator_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "COMMIT_AT_ONCE", 2)
    batch = staged(operator_user, roster(people(5)))
    match(batch, operator_user)
    url = reverse("roster:import_commit", args=[batch.pk])
    for _ in range(2):
        assert client.post(url, {"default_form": "DIRECT", "consented": "on"}).status_code == 302
    assert {job.state for job in work()} == {JobState.DONE}
    assert Delivery.objects.count() == 5
    assert RosterList.objects.get().by_code == {"E10": 5}


def test_a_large_recount_and_export_run_in_the_background(
    client: Client, operator_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "RECOUNT_AT_ONCE", 1)
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    roster_list = filled_list(operator_user, 3)
    assert client.post(reverse("roster:recount", args=[roster_list.pk])).status_code == 302
    values = {"kind": "annex2", "purpose": "盖章留存"}
    assert client.post(reverse("roster:export", args=[roster_list.pk]), values).status_code == 302
    recounted, exported = work()
    assert recounted.state == exported.state == JobState.DONE
    assert exported.result is not None
    assert exported.result.secret


@pytest.mark.parametrize(
    ("task", "due", "counted"),
    [
        pytest.param(tasks.recount_due, True, True, id="有变化的"),
        pytest.param(tasks.recount_due, False, False, id="没有变化的"),
        pytest.param(tasks.recount_open, False, True, id="夜间重新核算"),
    ],
)
def test_lists_are_counted_by_the_clock(operator_user: User, task: Any, due: bool, counted: bool) -> None:
    roster_list = filled_list(operator_user, 2)
    long_ago = dt.date(2021, 1, 1)
    RosterList.objects.filter(pk=roster_list.pk).update(recount_due=due, counted_as_of=long_ago)
    task(timestamp=0)
    roster_list.refresh_from_db()
    assert (roster_list.counted_as_of != long_ago) is counted
