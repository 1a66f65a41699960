"""What the services of this room share: the station locked first, files stored for its party and the offices."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.errors import Refused
from stations.registry.enums import PUBLIC_STATES
from stations.registry.models import Station

PAPERS = ("pdf", "jpeg", "png")
PHOTOS = ("jpeg", "png")


def lock_station(station_id: uuid.UUID) -> Station:
    """The station's row until the transaction ends; whatever moves a station or its money begins here."""
    rows = Station.objects.select_for_update(of=("self",), no_key=True).select_related("operator")
    return rows.get(pk=station_id)


def require_running(station: Station) -> None:
    """Raises Refused where the station is revoked or its term is over."""
    if station.state not in PUBLIC_STATES:
        raise Refused(f"工作站{station.get_state_display()}，不能再办理这一事项。")


def require_unit_of(station: Station, by: User) -> None:
    """Raises PermissionDenied for anybody but the people of the station's own unit."""
    if by.role != Role.OPERATOR or by.organisation_id != station.operator_id:
        raise PermissionDenied


def require(by: User, *roles: Role) -> None:
    if by.role not in roles:
        raise PermissionDenied


def keep(
    upload: attachments.Upload, *, station: Station, by: User, kind: str, kinds: tuple[str, ...] = PAPERS
) -> Attachment:
    """A file of a station that its unit and the offices may open."""
    return attachments.store(
        upload, by=by, organisation=station.operator, audience=Audience.PARTY_AND_OFFICE, kinds=kinds, kind=kind
    )
