"""Sealing every minute, and a whole check at night whose head is written to the log for another machine to keep."""

import structlog
from procrastinate.contrib.django import app

from . import chain

log = structlog.get_logger("portal.audit")


@app.periodic(cron="* * * * *")
@app.task(name="audit.seal", queueing_lock="audit.seal")
def seal(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    while chain.seal() == chain.BATCH:
        pass


@app.periodic(cron="10 2 * * *")
@app.task(name="audit.verify", queueing_lock="audit.verify")
def verify(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    report = chain.verify()
    if report.broken_at is not None:
        log.error("audit_chain_broken", seq=report.broken_at, reason=report.reason)
    else:
        log.info("audit_chain_head", seq=report.sealed, head=report.head.hex(), waiting=report.waiting)
