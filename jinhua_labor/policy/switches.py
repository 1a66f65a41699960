"""The ways in which an ambiguous clause may be read: one enum for each switch of a policy version.

The member that holds is data (`2021-14.toml`, later a recorded reading); these classes only say which
answers exist, so that a misspelt one is refused when the version is loaded.
"""

from enum import StrEnum


class PolicyExpiry(StrEnum):
    """What happens after 试行期 has ended on paper and no document extends it (第十五条)."""

    WARN = "WARN"
    BLOCK = "BLOCK"


class EstablishedAnchor(StrEnum):
    """The day a station counts as 设立: 成文日期 of the establishing document, or the day of 挂牌 (第一、五条)."""

    DOCUMENT = "DOCUMENT"
    PLAQUE = "PLAQUE"


class RetirementTrack(StrEnum):
    """法定退休年龄 by sex and post: men, women in 管理/技术岗, women in 工人岗 (第一条 “法定劳动年龄段”)."""

    M60 = "M60"
    F55 = "F55"
    F50 = "F50"


class YearAttribution(StrEnum):
    """The day that puts a worker into a year: 入职时间, or the day the insurance run was complete."""

    ENTRY = "ENTRY"
    QUALIFIED = "QUALIFIED"


class LedgerMedium(StrEnum):
    """Whether 纸质台账 must be seen on paper (第六条（四）)."""

    PAPER = "PAPER"
    EITHER = "EITHER"


class RetentionScope(StrEnum):
    """留用: still with the same employer, or still with any employer of the district."""

    SAME_EMPLOYER = "SAME_EMPLOYER"
    DISTRICT = "DISTRICT"


class RetentionCohort(StrEnum):
    """Whom 年度输送劳动力留用率 is measured over."""

    ENTERED_MATURED = "ENTERED_MATURED"
    CHECK_IN_PERIOD = "CHECK_IN_PERIOD"
    ALL_ENTERED = "ALL_ENTERED"


class AssessmentMode(StrEnum):
    """“建立一年后开展的工作” (第七条): each year from 设立, from the second year on, or calendar years."""

    ANNIVERSARY = "ANNIVERSARY"
    SKIP_FIRST = "SKIP_FIRST"
    CALENDAR = "CALENDAR"


class ConfirmedBy(StrEnum):
    """Who confirms an assessment before 公示."""

    BUREAU = "BUREAU"
    CENTRE = "CENTRE"


class VetoMode(StrEnum):
    """“发生安全责任事故或投诉3次以上，一票否决”: any accident or 3 complaints; 3 together; 3 of either."""

    ANY_ACCIDENT = "A"
    TOGETHER = "B"
    SEPARATELY = "C"


class ZeroDeliveryGuard(StrEnum):
    """A year without one counted worker: only warn, fail the year, or score 签订合同 and 建立台账 as 0."""

    WARN = "WARN"
    FAIL = "FAIL"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class BanSubject(StrEnum):
    """Whom the bar of 第八条 binds: 承建单位, or only the station's area."""

    OPERATOR = "OPERATOR"
    STATION = "STATION"


class BanAnchor(StrEnum):
    """The day the two years of 第八条 run from."""

    DECISION_DATE = "DECISION_DATE"
    PUBLICATION_DATE = "PUBLICATION_DATE"
    DELIVERY_DATE = "DELIVERY_DATE"


class ExcellentLookback(StrEnum):
    """“每年评估得分” in 第十条（一）: every year since 设立, or the last two."""

    ALL = "ALL"
    LAST_2 = "LAST_2"


class ReverifyFailAction(StrEnum):
    """What follows a failed 复核 (第十一条 is silent)."""

    WITHDRAW = "WITHDRAW"
    RECTIFY_ONCE = "RECTIFY_ONCE"


class SetupOncePer(StrEnum):
    """“新设立” in 第十二条（一）: once for each operator and area, or for each operator."""

    OPERATOR_AREA = "OPERATOR+AREA"
    OPERATOR = "OPERATOR"


class RunoffStraddle(StrEnum):
    """Money of a period that ends after 试行期: waits for a document, or is paid under the last version."""

    DECISION = "DECISION"
    PAY = "PAY"


class JointActivity(StrEnum):
    """A 劳务对接活动 held by several stations: counts for each organiser, or for the first named only."""

    EACH = "EACH"
    FIRST = "FIRST"


class RenewalMode(StrEnum):
    """经营期限 renewed by a short application, or by a full one with the 50 checked again."""

    SHORT = "SHORT"
    FULL = "FULL"


class TitleLevel(StrEnum):
    """专业技术职称, lowest first."""

    JUNIOR = "初级"
    MIDDLE = "中级"
    ASSOCIATE_SENIOR = "副高级"
    SENIOR = "正高级"


class LineFunction(StrEnum):
    """How a line of 附件3 turns its facts into points."""

    ALL_OR_NOTHING = "all_or_nothing"
    PRESENCE = "presence"
    SAFETY = "safety"
    DEDUCTION = "deduction"
    SATISFACTION = "satisfaction"
    COUNT = "count"
    PEOPLE = "people"
    RATIO = "ratio"
    DISCRETION = "discretion"


class Result(StrEnum):
    """评估结果 (第七条)."""

    PASSED = "合格"
    FAILED = "不合格"
