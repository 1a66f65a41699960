"""Background jobs: queued with their data, reporting, surviving a killed worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from jinhua_labor.accounts.models import User
from jinhua_labor.jobs import services, sweeper
from jinhua_labor.jobs.models import Job, JobState
from tests import factories

from . import tasks_for_tests as tasks

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def start(user: User, task: Any = tasks.count, **args: Any) -> Job:
    return services.start(kind="test", title="数数", by=user, task=task, args=args, back_url="/inbox/")


def run(job: Job, task: Any, **args: Any) -> Job:
    """Does the job here and now, as a worker would."""
    task.func(job_id=str(job.pk), **args)
    job.refresh_from_db()
    return job


def test_queued_in_the_same_transaction(operator_user: User) -> None:
    with transaction.atomic():
        job = start(operator_user, upto=3)
        assert ProcrastinateJob.objects.filter(id=job.queue_id).exists()
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="tests.count").exists()


@pytest.mark.django_db(transaction=True)
def test_runs_to_its_end() -> None:
    job = run(start(factories.user(), upto=3), tasks.count, upto=3)
    assert (job.state, job.done, job.total, job.message, job.attempts) == (JobState.DONE, 3, 3, "数到 3。", 1)


@pytest.mark.parametrize(
    ("task", "words"),
    [pytest.param(tasks.refuse, "没有可导入的行", id="规则拒绝"), pytest.param(tasks.crash, "任务编号", id="程序出错")],
)
def test_failure_is_told_in_words(operator_user: User, task: Any, words: str) -> None:
    job = start(operator_user, task)
    if task is tasks.crash:
        with pytest.raises(ZeroDivisionError):
            run(job, task)
        job.refresh_from_db()
    else:
        run(job, task)
    assert job.state == JobState.FAILED
    assert words in job.message
    assert "ZeroDivision" not in job.message


def test_second_delivery_of_a_finished_job_does_nothing(operator_user: User) -> None:
    job = run(start(operator_user, upto=3), tasks.count, upto=3)
    finished = job.finished_at
    assert run(job, tasks.count, upto=5).finished_at == finished
    assert job.attempts == 1


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_work_is_one_transaction() -> None:
    job = start(factories.user(), upto=1)
    handle = services.JobHandle(str(job.pk))
    other = connection.copy()
    try:
        with transaction.atomic():
            handle.progress(4, 10, "正在核对")
            with other.cursor() as cursor:
                cursor.execute("SELECT done, total, message FROM jobs_job WHERE id = %s", [job.pk])
                assert cursor.fetchone() == (4, 10, "正在核对")
    finally:
        handle.close()
        other.close()


def test_pages_follow_the_job(client_for: Callable[[User], Client], operator_user: User) -> None:
    job = start(operator_user, upto=3)
    client = client_for(operator_user)
    page = client.get(reverse("jobs:detail", args=[job.pk])).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "刷新进度" in page, "works without JavaScript"
    fragment = reverse("jobs:progress", args=[job.pk])
    assert client.get(fragment, headers={"HX-Request": "true"}).status_code == 200
    run(job, tasks.count, upto=3)
    answer = client.get(fragment, headers={"HX-Request": "true"})
    assert answer.status_code == 286
    assert "hx-get" not in answer.content.decode()
    assert "数到 3。" in answer.content.decode()


def test_strangers_jobs_are_not_found(
    client_for: Callable[[User], Client], operator_user: User, stranger_operator: User
) -> None:
    job = Job.objects.get(organisation=stranger_operator.organisation)
    for name in ("jobs:detail", "jobs:progress"):
        assert client_for(operator_user).get(reverse(name, args=[job.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        pytest.param("job_finished_at_iff_finished", {"state": JobState.DONE}, id="完成必有时间"),
        pytest.param("job_done_within_total", {"total": 3, "done": 4}, id="已处理不超过总数"),
    ],
)
def test_database_says_no(operator_user: User, name: str, fields: dict[str, Any]) -> None:
    job = start(operator_user, upto=1)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**fields)


@pytest.mark.parametrize(
    ("name", "period"),
    [
        pytest.param("jobs.sweep", 20, id="清扫每20秒"),
        pytest.param("audit.seal", 60, id="日志链入每分钟"),
        pytest.param("mailbox.send_due", 60, id="发信每分钟"),
        pytest.param("attachments.check_files", 86400, id="核对文件每天"),
        pytest.param("attachments.sweep_orphans", 86400, id="清理孤儿文件每天"),
        pytest.param("audit.verify", 86400, id="校验日志每天"),
    ],
)
def test_clock_of_periodic_tasks(name: str, period: int) -> None:
    """The seconds of a six-field cron line stand last; first, the task would run once and never again."""
    from croniter import croniter

    crons = [task.cron for task in app.periodic_registry.periodic_tasks.values() if task.task.name == name]
    moments = croniter(crons[0], 1_795_400_000)
    first, second, third = (moments.get_next(float) for _ in range(3))
    assert second - first == third - second == period
    assert sweeper.is_repeatable(name)


@pytest.fixture
def worker() -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts real worker processes on the test database."""
    running: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
            "WORKER_DATABASE": str(connection.settings_dict["NAME"]),
        }
        running.append(
            subprocess.Popen([sys.executable, "manage.py", "procrastinate", "worker"], cwd=ROOT, env=environment)
        )
        return running[-1]

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_for(job: Job, check: Callable[[Job], bool], seconds: float = 40) -> Job:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job.refresh_from_db()
        if check(job):
            return job
        time.sleep(0.1)
    pytest.fail(f"the job stayed {job.state} {job.done}/{job.total}")


def sweep() -> int:
    """In a thread, as the worker does: a test process that drove a browser has an event loop of its own in this one."""

    def alone() -> int:
        try:
            return async_to_sync(sweeper.sweep)(app.job_manager, seconds=0)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone).result()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_worker_repeatable_job_starts_again(worker: Callable[[], subprocess.Popen[bytes]]) -> None:
    job = start(factories.user(), upto=400, pause=0.02)
    first = worker()
    wait_for(job, lambda j: j.done > 5)
    first.send_signal(signal.SIGKILL)
    first.wait()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING, "the queue by itself leaves it so for ever"
    sweep()
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.QUEUED, "处理曾被中断，已自动重新开始。")
    assert sweep() == 0, "nothing is left stalled"
    worker()
    wait_for(job, lambda j: j.state == JobState.DONE)
    assert (job.attempts, job.done) == (2, 400)


@pytest.mark.django_db(transaction=True)
def test_work_of_the_clock_queued_anew_is_not_queued_twice() -> None:
    from jinhua_labor.audit.tasks import seal

    stalled = seal.configure(queueing_lock="audit.seal").defer(timestamp=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [stalled])
    fresh = seal.configure(queueing_lock="audit.seal").defer(timestamp=2)
    assert sweep() == 1
    states = dict(ProcrastinateJob.objects.filter(id__in=[stalled, fresh]).values_list("id", "status"))
    assert states == {stalled: "failed", fresh: "todo"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_worker_other_job_is_told(worker: Callable[[], subprocess.Popen[bytes]]) -> None:
    job = start(factories.user(), tasks.once, pause=60)
    first = worker()
    wait_for(job, lambda j: j.state == JobState.RUNNING)
    first.send_signal(signal.SIGKILL)
    first.wait()
    sweep()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "没有完成" in job.message
    assert ProcrastinateJob.objects.get(id=job.queue_id).status == "failed"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_job_that_kills_its_worker_each_time_is_given_up(worker: Callable[[], subprocess.Popen[bytes]]) -> None:
    job = start(factories.user(), upto=400, pause=0.02)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET attempts = %s WHERE id = %s", [sweeper.MAX_ATTEMPTS, job.queue_id]
        )
    first = worker()
    wait_for(job, lambda j: j.state == JobState.RUNNING)
    first.send_signal(signal.SIGKILL)
    first.wait()
    sweep()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
