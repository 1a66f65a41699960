"""Files of a station that moves to another 承建单位 (R-22, R-23): who filed one keeps it, the new unit reads on.

Each file belongs for good to the unit that had the station when it was filed. The new unit is shown it by a row of
sharing that names the change; it is shown nothing that only the offices read.
"""

from __future__ import annotations

from django.db.models import QuerySet

from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.audit.services import record
from stations.oversight.models import ChangeReport
from stations.oversight.queries.station_files import files_of_station


def show_to_both(change: ChangeReport, *, by: User) -> None:
    """The papers of a change of 承建单位, to both units: one is to say whether it takes the station over, and either
    may hand in the list that both have signed."""
    if change.new_operator is not None:
        papers = Attachment.objects.filter(pk__in=change.papers.values("attachment"))
        for unit in (change.operator, change.new_operator):
            _share(change, papers, unit=unit, by=by)


def move_files(change: ChangeReport, *, by: User) -> None:
    """The whole file of the station, to its new unit; what the unit before it was shown of it is closed."""
    assert change.new_operator is not None
    for earlier in change.station.changes.filter(new_operator=change.operator).exclude(pk=change.pk):
        close_files(earlier, by=by)
    _share(change, files_of_station(change.station), unit=change.new_operator, by=by)


def close_files(change: ChangeReport, *, by: User) -> None:
    """What the new unit was shown for this change is shown to it no longer."""
    unit = change.new_operator
    if unit is not None and (closed := attachments.close_all(matter=change.pk, organisation=unit, by=by)):
        record(by=by, action="change.unshare_files", obj=change, detail={"from": unit.name, "files": closed})


def _share(change: ChangeReport, files: QuerySet[Attachment], *, unit: Organisation, by: User) -> None:
    reason = f"{change.number}变更承建单位"
    if shown := attachments.share_all(files, by=by, organisation=unit, matter=change.pk, reason=reason):
        record(by=by, action="change.share_files", obj=change, detail={"to": unit.name, "files": shown})
