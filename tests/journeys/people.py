"""Matters brought as far as a journey needs them by the portal's own services; the browser takes it from there."""

from __future__ import annotations

from jinhua_labor.accounts import services
from jinhua_labor.accounts.models import User
from jinhua_labor.demo.accounts import PASSWORD
from jinhua_labor.demo.cases import Area, Case, person
from stations.applications.models import Application

from . import applicant, crew
from .portal import Portal

GANSU = Area(crew.GANSU, "示例州", "样例县", "样例县公共就业服务中心")


def operator(*, confirmed: bool = True) -> User:
    """A person of an operator that registered and was let in."""
    unit = crew.new_unit()
    user = services.register_operator(
        name=unit.name,
        credit_code=unit.code,
        contact_name="测试旅客",
        contact_phone="13000000009",
        licence_no=applicant.TEXTS["licence_no"],
        username=unit.username,
        password=PASSWORD,
    )
    if confirmed and user.organisation is not None:
        services.confirm_registration(user.organisation, by=person("shouli"))
    return user


def draft(user: User) -> Case:
    return Case.begin(user.username, GANSU)


def complete(user: User, *, workers: int = 52) -> Case:
    """A draft that lacks nothing."""
    case = draft(user)
    case.fill(legal_rep=applicant.LEGAL_REP, head="测试庚", term_to=applicant.TERM)
    case.papers()
    case.deliver(crew.crew(workers))
    return case


def submitted(user: User) -> Case:
    case = complete(user)
    case.submit()
    return case


def screened(user: User) -> Case:
    """Looked up, judged, forwarded with 同意: the bureau's turn."""
    case = submitted(user)
    case.look_up("chushen")
    case.judge("chushen")
    case.screen("chushen", "五项条件均符合，同意上报。")
    return case


def address(portal: Portal, case: Case) -> str:
    return f"{portal.url}{case.application.get_absolute_url()}"


def case_of(url: str) -> Case:
    """The matter behind an address the browser stands on."""
    application = Application.objects.select_related("review__created_by").get(pk=url.rstrip("/").rsplit("/", 1)[-1])
    return Case(application.review.created_by, GANSU, application.pk)
