"""The 50 as they stood when somebody decided: counted anew, frozen with a hash, never changed (R-12)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Refused
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import SnapshotStage
from stations.applications.models import Application, CountSnapshot
from stations.applications.rules import fifty_gate, fifty_problems
from stations.roster.services.recount import recount_list


def take(*, application: Application, stage: SnapshotStage, by: User) -> CountSnapshot:
    """Counts the list as of the day of the latest submission and keeps people and codes with a hash.

    The caller holds the review's lock; the list is locked by the count.
    """
    submitted_at = application.review.submitted_at
    if submitted_at is None:
        raise Refused("申请尚未提交，不能核算。")
    as_of = timezone.localdate(submitted_at)
    found = policy_on(as_of)
    tally = recount_list(roster_list=application.roster_list, as_of=as_of, by=by)
    rows = application.roster_list.deliveries.order_by("seq", "id").values_list(
        "pk", "person_id", "status", "codes", "qualified_on"
    )
    snapshot = CountSnapshot(
        application=application,
        stage=stage,
        as_of=as_of,
        policy_version=found.policy.id,
        certainty=str(found.certainty),
        raw=tally.raw,
        counted=tally.counted,
        pending=tally.pending,
        excluded=tally.excluded,
        rows=[
            [str(pk), str(person), status, sorted(codes), qualified_on.isoformat() if qualified_on else None]
            for pk, person, status, codes, qualified_on in rows.iterator(chunk_size=5000)
        ],
    )
    snapshot.sha256 = digest(snapshot)
    snapshot.save()
    return snapshot


def refuse_below_fifty(snapshot: CountSnapshot) -> None:
    """Raises Refused when fewer than the 50 count in it."""
    policy = policy_on(snapshot.as_of).policy
    gate = fifty_gate(counted=snapshot.counted, pending=snapshot.pending, policy=policy)
    if problems := fifty_problems(gate, screening=True):
        raise Refused(problems[0].message, problems=tuple((problem.message, "#cond-C4") for problem in problems))


def digest(snapshot: CountSnapshot) -> str:
    """SHA-256 over everything the snapshot says, in one spelling."""
    said: dict[str, Any] = {
        "application": str(snapshot.application_id),
        "stage": str(snapshot.stage),
        "as_of": snapshot.as_of.isoformat(),
        "policy": snapshot.policy_version,
        "certainty": snapshot.certainty,
        "counts": [snapshot.raw, snapshot.counted, snapshot.pending, snapshot.excluded],
        "rows": snapshot.rows,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(snapshot: CountSnapshot) -> bool:
    """Whether the snapshot still says what it said when it was taken."""
    return digest(snapshot) == snapshot.sha256
