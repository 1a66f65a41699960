"""The sweeper, three times a minute, and the nightly clearing of the queue's own tables."""

from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from . import sweeper

KEEP_HOURS = 24 * 30


# The sixth field is the seconds and stands last.
@app.periodic(cron="* * * * * */20")
@app.task(name="jobs.sweep", queueing_lock="jobs.sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment
    await sweeper.sweep(context.app.job_manager)


@app.periodic(cron="30 3 * * *")
@app.task(name="jobs.clear_queue", queueing_lock="jobs.clear_queue", pass_context=True)
async def clear_queue(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment
    await context.app.job_manager.delete_old_jobs(KEEP_HOURS, include_failed=True)
