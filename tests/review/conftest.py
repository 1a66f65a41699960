"""People of the three offices and a review in any state, made by the real steps."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from jinhua_labor.accounts.enums import OrganisationKind, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.review.models import Review
from jinhua_labor.review.services import Opinion, lock, open_review, transition
from jinhua_labor.review.states import Action, Kind, Recommendation, State

WORDS = Opinion(text="已核对", recommendation=Recommendation.AGREE)

PATHS: dict[State, tuple[tuple[str, Action], ...]] = {
    State.DRAFT: (),
    State.SUBMITTED: (("operator", Action.SUBMIT),),
    State.RETURNED: (("operator", Action.SUBMIT), ("screener", Action.RETURN)),
    State.SCREENED: (("operator", Action.SUBMIT), ("screener", Action.SCREEN)),
    State.APPROVED: (("operator", Action.SUBMIT), ("screener", Action.SCREEN), ("approver", Action.APPROVE)),
    State.REJECTED: (("operator", Action.SUBMIT), ("screener", Action.SCREEN), ("approver", Action.REJECT)),
    State.WITHDRAWN: (("operator", Action.SUBMIT), ("operator", Action.WITHDRAW)),
    State.LAPSED: (("operator", Action.SUBMIT), ("screener", Action.RETURN), ("system", Action.LAPSE)),
}


@pytest.fixture
def people(request: pytest.FixtureRequest) -> dict[str, User]:
    """One operator, two of the centre, two of the bureau, one of every other role, the system."""
    kinds = {
        OrganisationKind.OPERATOR: Organisation.objects.create(
            kind=OrganisationKind.OPERATOR, name="示例人力资源有限公司", credit_code="91339999MA00000153"
        ),
        OrganisationKind.CENTRE: Organisation.objects.create(kind=OrganisationKind.CENTRE, name="区就业服务中心"),
        OrganisationKind.BUREAU: Organisation.objects.create(kind=OrganisationKind.BUREAU, name="区人社局"),
        OrganisationKind.ASSOCIATION: Organisation.objects.create(
            kind=OrganisationKind.ASSOCIATION, name="区人力资源服务协会"
        ),
    }

    def person(username: str, role: Role, kind: OrganisationKind) -> User:
        return User.objects.create(username=username, name=f"测试{username}", role=role, organisation=kinds[kind])

    return {
        "operator": person("operator", Role.OPERATOR, OrganisationKind.OPERATOR),
        "screener": person("screener", Role.CENTRE, OrganisationKind.CENTRE),
        "colleague": person("colleague", Role.CENTRE, OrganisationKind.CENTRE),
        "approver": person("approver", Role.BUREAU, OrganisationKind.BUREAU),
        "second": person("second", Role.BUREAU, OrganisationKind.BUREAU),
        "finance": person("finance", Role.FINANCE, OrganisationKind.BUREAU),
        "auditor": person("auditor", Role.AUDITOR, OrganisationKind.BUREAU),
        "admin": person("admin", Role.ADMIN, OrganisationKind.BUREAU),
        "association": person("association", Role.ASSOCIATION, OrganisationKind.ASSOCIATION),
        "system": User.objects.get(role=Role.SYSTEM),
    }


@pytest.fixture
def step(people: dict[str, User]) -> Callable[..., Any]:
    """Takes one step as the named person, in a transaction of its own."""

    def take(review: Review, action: Action, who: str, **options: Any) -> Any:
        options.setdefault("opinion", WORDS)
        with transaction.atomic():
            return transition(lock(review.pk), action, by=people[who], **options)

    return take


@pytest.fixture
def review_in(people: dict[str, User], step: Callable[..., Any]) -> Callable[..., Review]:
    """A review that came to this state by the steps people take."""

    def make(state: State = State.DRAFT) -> Review:
        review = open_review(
            kind=Kind.APPLICATION,
            object_id=uuid.uuid4(),
            title="示例人力资源有限公司设立申请",
            organisation=people["operator"].organisation,
            url_name="applications:file",
            open_key=f"draft:{uuid.uuid4()}",
            by=people["operator"],
        )
        for who, action in PATHS[state]:
            step(review, action, who)
        review.refresh_from_db()
        return review

    return make
