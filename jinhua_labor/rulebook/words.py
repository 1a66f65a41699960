"""The parameters of a version in the office's words: names, units, groups, what each choice says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from jinhua_labor.policy import switches as s
from jinhua_labor.policy.types import Band, Tier


@dataclass(frozen=True, slots=True)
class Group:
    """A page of a draft: its address, its name, the parameters that stand on it."""

    key: str
    label: str
    parameters: tuple[str, ...]


GROUPS: Final = (
    Group(
        "who",
        "谁计入",
        (
            *("home_province", "count_hmt", "min_si_months", "si_types_any", "si_places", "si_same_employer"),
            *("si_after_entry_only", "si_late_grace_months", "si_prior_warn_months", "age_min", "minor_below_age"),
            *("female_track_default", "forms_counted", "redeliver_gap_months", "claim_window_months"),
            *("year_attribution", "contract_grace_months"),
        ),
    ),
    Group(
        "setup",
        "申请与设立",
        (
            *("min_delivered", "min50_lookback_months", "min50_same_region", "established_anchor"),
            *("publicity_establishment", "renewal_mode"),
        ),
    ),
    Group(
        "manage",
        "日常管理",
        (
            *("liaison_count", "liaison_grace_workdays", "ledger_items_scored", "ledger_medium"),
            *("retention_months", "retention_scope"),
        ),
    ),
    Group(
        "assess",
        "年度评估",
        (
            *("assessment_mode", "assessment_confirmed_by", "pass_score", "publicity_workdays_assessment"),
            *("score_step", "veto_mode", "veto_complaints_verified_only", "satisfaction_upper_inclusive"),
            *("joint_activity", "tech_min_count", "tech_score_min", "tech_score_max", "tech_min_skill_level"),
            *("tech_min_title", "tech_edu_counts", "retention_cohort", "zero_delivery_guard"),
        ),
    ),
    Group("revoke", "取消资格", ("consecutive_fail", "ban_months", "ban_subject", "ban_anchor")),
    Group(
        "excellent",
        "优秀站点",
        (
            *("excellent_min_months", "excellent_min_score", "excellent_lookback", "excellent_min_workers"),
            *("excellent_tech_ratio", "excellent_retention", "excellent_interval_years", "excellent_first_year"),
            *("reverify_years", "reverify_window_days", "reverify_fail_action", "publicity_workdays_excellent"),
        ),
    ),
    Group("money", "补贴", ("setup_amount", "setup_once_per", "excellent_amount")),
    Group("term", "施行期", ("policy_expiry", "runoff_straddle", "fair_competition_no")),
)

OF_THE_DOCUMENT: Final = ("doc_no", "issued", "effective_from", "effective_to")
"""Parameters that stand on the record itself: its number and its days."""

PARAMETERS: Final[dict[str, tuple[str, str]]] = {
    "home_province": ("本省代码", "两位数字"),
    "count_hmt": ("港澳台居民及外国人计入", ""),
    "established_anchor": ("设立日", ""),
    "min_si_months": ("连续缴纳社会保险", "个月"),
    "si_types_any": ("所看的险种（任一）", ""),
    "si_places": ("参保地代码", ""),
    "si_same_employer": ("须由同一家企业缴纳", ""),
    "si_after_entry_only": ("只计入职当月起的缴费", ""),
    "si_late_grace_months": ("到账宽限", "个月"),
    "si_prior_warn_months": ("入职前已参保提示", "个月内"),
    "age_min": ("最低年龄", "周岁"),
    "minor_below_age": ("未成年工不满", "周岁"),
    "female_track_default": ("女职工默认退休年龄", ""),
    "forms_counted": ("计入的用工形式", ""),
    "redeliver_gap_months": ("离职后回同一企业不再计", "个月内，0为不限"),
    "claim_window_months": ("两站登记同一人的比较期", "个月"),
    "year_attribution": ("归入年度的日期", ""),
    "contract_grace_months": ("签订劳动合同的宽限", "个月"),
    "min_delivered": ("申请须已输送", "人"),
    "min50_lookback_months": ("累计输送只看申请前", "个月，不填为不限"),
    "min50_same_region": ("累计输送须为拟协作地区户籍", ""),
    "publicity_establishment": ("设立前公示", "个工作日，0为不公示"),
    "renewal_mode": ("续期方式", ""),
    "liaison_count": ("专人", "名"),
    "liaison_grace_workdays": ("报备宽限", "个工作日"),
    "ledger_items_scored": ("计缺项的台账目", ""),
    "ledger_medium": ("台账形式", ""),
    "retention_months": ("入职后统计留用", "个月"),
    "retention_scope": ("留用范围", ""),
    "assessment_mode": ("评估年度", ""),
    "assessment_confirmed_by": ("公示前由谁确认", ""),
    "pass_score": ("合格线", "分"),
    "publicity_workdays_assessment": ("评估公示", "个工作日"),
    "score_step": ("给分的最小单位", "分"),
    "veto_mode": ("一票否决", ""),
    "veto_complaints_verified_only": ("一票否决只计核实的投诉", ""),
    "satisfaction_upper_inclusive": ("满意度恰在两档分界得低档分", ""),
    "joint_activity": ("联合活动", ""),
    "tech_min_count": ("技术技能人才加分起点", "人"),
    "tech_score_min": ("技术技能加分下限", "分"),
    "tech_score_max": ("技术技能加分上限", "分"),
    "tech_min_skill_level": ("技能等级最低", "级（一级最高，五级最低）"),
    "tech_min_title": ("职称最低", ""),
    "tech_edu_counts": ("大专以上学历计入技术技能人才", ""),
    "retention_cohort": ("留用率的分母", ""),
    "zero_delivery_guard": ("全年没有计入人员的站点", ""),
    "consecutive_fail": ("连续不合格取消资格", "个年度"),
    "ban_months": ("不得重新申报", "个月"),
    "ban_subject": ("不得重新申报限制谁", ""),
    "ban_anchor": ("不得重新申报从何日起算", ""),
    "excellent_min_months": ("承担工作满", "个月"),
    "excellent_min_score": ("每年评估得分不低于", "分"),
    "excellent_min_workers": ("每年输送", "人以上"),
    "excellent_tech_ratio": ("技术技能人才占比不低于", "%"),
    "excellent_retention": ("留用率不低于", "%"),
    "excellent_lookback": ("“每年”看哪些年度", ""),
    "excellent_interval_years": ("评选间隔", "年"),
    "excellent_first_year": ("首次评选年份", "年，不填为由局确定"),
    "reverify_years": ("复核间隔", "年"),
    "reverify_window_days": ("复核在到期日前后", "日内"),
    "reverify_fail_action": ("复核不通过", ""),
    "publicity_workdays_excellent": ("优秀站点公示", "个工作日"),
    "setup_amount": ("建站补贴", "元"),
    "setup_once_per": ("建站补贴给几次", ""),
    "excellent_amount": ("优秀站点奖励", "元"),
    "doc_no": ("文号", ""),
    "issued": ("成文日期", ""),
    "effective_from": ("施行日期", ""),
    "effective_to": ("截止日期", ""),
    "policy_expiry": ("期满而无后续文件", ""),
    "runoff_straddle": ("年度末日在期满之后的奖励", ""),
    "fair_competition_no": ("公平竞争审查文号", ""),
}

SETTINGS: Final[dict[str, tuple[str, str]]] = {
    "district_code": ("区划代码", ""),
    "notice_workdays": ("补正告知", "个工作日"),
    "supplement_workdays": ("补正期限", "个工作日"),
    "sla_initial_workdays": ("初审承诺", "个工作日"),
    "sla_final_workdays": ("审核承诺", "个工作日"),
    "sla_total_workdays": ("全程承诺", "个工作日"),
    "retention_due_workdays": ("留用统计办理", "个工作日"),
    "retention_remind_workdays": ("留用统计提醒提前", "个工作日"),
    "assess_due_workdays": ("年度评估办理", "个工作日"),
    "self_assessment_workdays": ("站点自评", "个工作日"),
    "feedback_workdays": ("站点对评分草稿的意见", "个工作日"),
    "assess_remind_workdays": ("自评、反馈提醒提前", "个工作日"),
    "objection_answer_workdays": ("公示异议答复", "个工作日"),
    "defence_workdays": ("陈述申辩", "个工作日"),
    "handover_workdays": ("工作交接", "个工作日"),
    "grant_publicity_workdays": ("补贴公示", "个工作日"),
    "grant_approval_steps": ("补贴审批环节", ""),
    "account_change_days": ("收款账户变更等待", "日"),
    "recovery_due_days": ("追回通知的退回期限", "日"),
    "visit_min_per_year": ("每年走访提醒", "次"),
    "supervision_min_inspectors": ("监督检查人员", "名以上"),
    "liaison_gap_alert_days": ("无专人提醒", "日"),
    "reverify_rectify_months": ("复核不通过限期整改最长", "个月"),
    "survey_min_workers": ("满意度样本不少于", "人"),
    "survey_min_percent": ("满意度样本不少于", "%"),
    "survey_draw_percent": ("满意度抽取", "%"),
    "survey_before_days": ("满意度调查提前", "日"),
    "survey_open_days": ("满意度调查开放", "日"),
    "survey_max_days": ("满意度调查最长", "日"),
    "survey_show_from": ("满意度分布公开的最少答卷", "份"),
    "assignment_max_days": ("委托行业协会最长", "日"),
    "complaint_notify_days": ("投诉告知", "日"),
    "complaint_finish_days": ("投诉办结", "日"),
    "paper_required": ("网上申请另收纸质材料", ""),
    "renewal_window_days": ("届满前可续期", "日"),
    "renewal_grace_months": ("届满后仍可审核通过续期", "个月"),
    "remedy_text": ("救济途径", ""),
    "paper_expiry_days": ("证照到期提醒提前", "日"),
    "plan_due_months": ("工作计划在年度开始后", "个月内报送"),
    "retention_years_ledger": ("台账保存", "年"),
    "retention_years_grant": ("补贴资料保存", "年"),
    "log_months": ("日志保存", "个月"),
    "pii_export_log_years": ("导出记录保存", "年"),
    "session_idle_minutes": ("无操作退出", "分钟"),
    "session_absolute_hours": ("登录最长", "小时"),
    "sessions_max": ("同时登录", "处"),
    "lockout_failures": ("连续失败锁定", "次"),
    "lockout_minutes": ("锁定", "分钟"),
    "password_min": ("口令最短", "位"),
    "password_days": ("口令更换", "日"),
    "second_factor_roles": ("两步验证的角色", ""),
}

NOT_HERE: Final = frozenset(
    {
        *("district_code", "retention_years_ledger", "retention_years_grant", "log_months", "pii_export_log_years"),
        *("session_idle_minutes", "session_absolute_hours", "sessions_max", "lockout_failures", "lockout_minutes"),
        *("password_min", "password_days", "second_factor_roles"),
    }
)
"""Settings of the installation (accounts, retention of records, the district itself): no decision of the bureau about
the notice changes them."""

CHOICES: Final[dict[type[StrEnum], dict[str, str]]] = {
    s.PolicyExpiry: {"WARN": "继续办理，标注延期待确认", "BLOCK": "停止受理新的申请、评选和复核"},
    s.EstablishedAnchor: {"DOCUMENT": "设立文件成文日期", "PLAQUE": "挂牌日期"},
    s.RetirementTrack: {"M60": "男职工", "F55": "管理、技术岗", "F50": "工人岗"},
    s.YearAttribution: {"ENTRY": "入职时间", "QUALIFIED": "满足连续缴纳之日"},
    s.LedgerMedium: {"PAPER": "以纸质为准", "EITHER": "纸质或电子任一"},
    s.RetentionScope: {"SAME_EMPLOYER": "仍在入职企业", "DISTRICT": "仍在金东区任一企业"},
    s.RetentionCohort: {
        "ENTERED_MATURED": "本年度入职且已满统计期的",
        "CHECK_IN_PERIOD": "统计日落在本年度的",
        "ALL_ENTERED": "本年度全部入职的",
    },
    s.AssessmentMode: {
        "ANNIVERSARY": "自设立之日起每满一年",
        "SKIP_FIRST": "自设立满一年起每满一年",
        "CALENDAR": "自然年",
    },
    s.ConfirmedBy: {"BUREAU": "区人社局", "CENTRE": "区就业服务中心"},
    s.VetoMode: {"A": "任一事故，或投诉达到次数", "B": "事故与投诉合计达到次数", "C": "事故、投诉分别达到次数"},
    s.ZeroDeliveryGuard: {
        "WARN": "按条文计分，醒目提示",
        "FAIL": "评估为不合格",
        "NOT_APPLICABLE": "签订合同、建立台账两项计0分",
    },
    s.BanSubject: {"OPERATOR": "承建单位", "STATION": "只限原协作地区"},
    s.BanAnchor: {"DECISION_DATE": "决定成文日期", "PUBLICATION_DATE": "公布之日", "DELIVERY_DATE": "送达之日"},
    s.ExcellentLookback: {"ALL": "设立以来每一年度", "LAST_2": "最近两年"},
    s.ReverifyFailAction: {"WITHDRAW": "撤销称号", "RECTIFY_ONCE": "限期整改一次"},
    s.SetupOncePer: {"OPERATOR+AREA": "每个单位在每个地区一次", "OPERATOR": "每个单位一次"},
    s.RunoffStraddle: {"DECISION": "等待局记录的文件", "PAY": "照常发放"},
    s.JointActivity: {"EACH": "每个主办、承办站点各计", "FIRST": "只计第一主办站点"},
    s.RenewalMode: {"SHORT": "简易续期", "FULL": "按新设办理"},
    s.TitleLevel: {level.value: level.value for level in s.TitleLevel},
}

LISTED: Final[dict[str, dict[str, str]]] = {
    "forms_counted": {
        "DIRECT": "直接用工",
        "DISPATCH": "劳务派遣",
        "OUTSOURCING": "业务外包",
        "PART_TIME": "非全日制",
        "FLEXIBLE": "灵活就业",
        "INTERN": "实习",
    },
    "ledger_items_scored": {
        "L1": "用工企业基本情况",
        "L2": "用工企业员工管理制度",
        "L3": "用工企业安全生产制度或规定",
        "L4": "用工企业需求岗位表",
        "L5": "每年输送劳动力名册",
        "L6": "省外务工人员劳动合同",
        "L7": "省外务工人员留用名册",
        "L8": "其他相关资料",
    },
}
"""Parameters that are a choice of several: what each may hold."""


def group_of(parameter: str) -> Group | None:
    """The page a parameter stands on; None for those of the document itself."""
    return next((group for group in GROUPS if parameter in group.parameters), None)


def worded(name: str, value: Any) -> str:
    """A value as an official reads it: 是/否, the words of a choice, a number with its unit, 不限 for none."""
    unit = PARAMETERS.get(name, SETTINGS.get(name, ("", "")))[1].partition("，")[0]
    if value is None:
        return "不限" if name != "excellent_first_year" else "由局确定"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, StrEnum):
        return CHOICES[type(value)][value.value]
    if isinstance(value, tuple):
        names: dict[str, str] = LISTED.get(name, {})
        return "、".join(str(names.get(item, item)) for item in value) or "无"
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, int | Decimal):
        return f"{value:,} {unit}".strip() if unit != "年" else f"{value} 年"
    return str(value) or "无"


def band_words(band: Band) -> str:
    """[50,75) as 「50（含）至75（不含）：3分」."""
    low = f"{band.low}（{'含' if band.low_inclusive else '不含'}）"
    high = "以上" if band.high is None else f"至{band.high}（{'含' if band.high_inclusive else '不含'}）"
    return f"{low}{high}：{band.score}分"


def tier_words(tier: Tier) -> str:
    return f"{tier.floor}分起：{tier.amount:,}元"
