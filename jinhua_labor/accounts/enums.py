"""Who uses the portal: kinds of organisation, roles, states."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person may do; everyone has exactly one (design §1)."""

    OPERATOR = "OPERATOR", "承建单位"
    CENTRE = "CENTRE", "区就业服务中心"
    BUREAU = "BUREAU", "区人社局"
    ASSOCIATION = "ASSOCIATION", "行业协会"
    FINANCE = "FINANCE", "财务"
    AUDITOR = "AUDITOR", "审计"
    ADMIN = "ADMIN", "系统管理员"
    SYSTEM = "SYSTEM", "系统"


class OrganisationKind(TextChoices):
    OPERATOR = "OPERATOR", "承建单位"
    CENTRE = "CENTRE", "区就业服务中心"
    BUREAU = "BUREAU", "区人社局"
    ASSOCIATION = "ASSOCIATION", "区人力资源服务协会"


class OrganisationState(TextChoices):
    """An operator registers itself and is confirmed by the centre; offices are active from the start."""

    PENDING = "PENDING", "待确认"
    ACTIVE = "ACTIVE", "正常"
    REFUSED = "REFUSED", "未通过"
    DISABLED = "DISABLED", "已停用"


OFFICE_ROLES = frozenset({Role.CENTRE, Role.BUREAU})
"""The two steps of the review (第五条); both see every operator's files."""

ROLES_OF_KIND: dict[str, tuple[Role, ...]] = {
    OrganisationKind.OPERATOR: (Role.OPERATOR,),
    OrganisationKind.CENTRE: (Role.CENTRE,),
    OrganisationKind.BUREAU: (Role.BUREAU, Role.FINANCE, Role.AUDITOR, Role.ADMIN),
    OrganisationKind.ASSOCIATION: (Role.ASSOCIATION,),
}
