"""A running station with its unit and 专人, and the contents of forms."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from stations.oversight.enums import (
    UNIT_PAPERS,
    ActivityKind,
    ActivityMode,
    ActivityPaperSlot,
    ActivityRole,
    ChangePaperSlot,
)
from stations.oversight.services.activities import Entry
from stations.oversight.services.changes import Content
from stations.oversight.services.visits import Seen
from stations.registry.models import Station
from tests import factories
from tests.meta import rows


def running(by: User, **fields: Any) -> Station:
    """A station of this person's unit, with a 专人 since its first day."""
    station: Station = rows.station(operator=by.organisation, **fields)
    rows.liaison(station=station, name="测试甲", phone="0579-82190000", since=station.established_on)
    return station


def days(count: int) -> dt.date:
    """The day so many days from today."""
    return today() + dt.timedelta(days=count)


def content(**fields: Any) -> Content:
    """A change of 专人 from tomorrow, with its stamped form."""
    values: dict[str, Any] = {
        "new": {"name": "测试乙", "phone": "0579-82190001"},
        "reason": "原专人调岗",
        "effective_on": days(1),
        "papers": {ChangePaperSlot.FORM: [factories.png()]},
    }
    return Content(**{**values, **fields})


def takeover(unit: Any, **fields: Any) -> Content:
    """承建单位 changes to `unit`, with every paper that is asked for."""
    values: dict[str, Any] = {
        "new": {"liaison": "测试丙", "liaison_phone": "0579-82190002"},
        "new_operator": unit,
        "agreement_to": days(700),
        "papers": {slot: [factories.png()] for slot in (ChangePaperSlot.FORM, *UNIT_PAPERS)},
    }
    return content(**{**values, **fields})


def receiving_unit() -> User:
    """Somebody of another operator that holds a licence."""
    user = factories.user(Role.OPERATOR, is_org_admin=True, name="测试接收人")
    rows.profile(organisation=user.organisation, licence_no="（浙）人服证字〔2021〕第0703000000号")
    return user


def seen(lead: User, **fields: Any) -> Seen:
    """What one clerk saw today; nothing wrong."""
    values: dict[str, Any] = {
        "visited_on": today(),
        "lead": lead,
        "second": None,
        "others": "",
        "side": "DISTRICT",
        "place": "测试地址1号",
        "account": "办公场所正常开放。",
        "advice": "",
        "signed_by_station": "测试甲",
        "checks": {"A2": ("GOOD", "")},
        "problems": [],
    }
    return Seen(**{**values, **fields})


def entry(**fields: Any) -> Entry:
    """A fair with a photograph and its sign-in sheet."""
    values: dict[str, Any] = {
        "name": "示例县春季招聘会",
        "kind": ActivityKind.FAIR,
        "held_on": days(-3),
        "place": "示例县人民广场",
        "mode": ActivityMode.ONSITE,
        "role": ActivityRole.HOST,
        "papers": {
            ActivityPaperSlot.PHOTO: [factories.png()],
            ActivityPaperSlot.SIGN_IN: [factories.png(name="签到表.png")],
        },
    }
    return Entry(**{**values, **fields})


def key() -> uuid.UUID:
    return uuid.uuid4()
