"""What each role does first, in its own words; only pages that the role may open are linked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import current_app

from webapp import access
from webapp.texts import Lazy, lazy


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and the page where it is done."""

    title: Lazy
    text: Lazy
    endpoint: str


INBOX = Step(
    lazy("先看待办"), lazy("红色的已经逾期，黄色的今明两天到期；按 J、K 上下移动，回车打开。"), "inbox.index"
)

STEPS: Mapping[str, tuple[Step, ...]] = {
    "coordinator": (
        INBOX,
        Step(
            lazy("派单和约时间"),
            lazy("保单生效后编制方案，按方案派单，服务前与单位约好时间。"),
            "cases.index",
        ),
        Step(lazy("盯住欠次和重大隐患"), lazy("单位页说明应服务几次、为什么，还差几次。"), "registers.index"),
    ),
    "expert": (
        INBOX,
        Step(
            lazy("进场先签到"),
            lazy("允许进场的四项要素齐了才能签到；服务记录当场写，双方当场签。"),
            "inbox.index",
        ),
    ),
    "provider_manager": (
        INBOX,
        Step(lazy("审批方案和延期"), lazy("方案、延期、争议都在待办里等你。"), "inbox.index"),
        Step(lazy("导入单位和保单"), lazy("用 Excel 模板导入，错的行会带着原因退回来。"), "registers.index"),
    ),
    "policyholder": (
        INBOX,
        Step(lazy("确认和整改"), lazy("确认服务时间、允许进场、签服务记录，按期整改隐患。"), "inbox.index"),
        Step(lazy("看本单位的服务"), lazy("应服务几次、费用用到哪里，都写着依据。"), "registers.index"),
    ),
    "insurer": (
        INBOX,
        Step(lazy("核对费率依据"), lazy("到期前收到三项依据，核对后用于续保。"), "cases.index"),
    ),
    "process_designer": (
        Step(lazy("改流程"), lazy("从草稿开始改，检查通过、第二个人同意后发布。"), "studio.index"),
    ),
    "system_admin": (
        Step(lazy("看运行情况"), lazy("卡住的办件、没做成的任务和数据字典都在管理页。"), "admin.index"),
    ),
    "security_admin": (
        Step(
            lazy("管账号和角色"),
            lazy("建账号、给角色、停用离职人员；三类管理员不能由同一人兼任。"),
            "admin.index",
        ),
    ),
    "auditor": (
        Step(lazy("查访问和变更"), lazy("谁看过什么、改过什么，都记在链上，可以逐条校验。"), "admin.index"),
    ),
}
READ_ONLY = (
    Step(lazy("看办件"), lazy("本区域、本行业的服务和隐患，只看不改。"), "cases.index"),
    Step(lazy("看单位"), lazy("每家单位应服务几次、已做几次，都写着依据。"), "registers.index"),
)


def first_steps(roles: Collection[str]) -> list[Step]:
    """Return what a person with these roles does first, each page once."""
    known = [step for role in sorted(roles) for step in STEPS.get(role, ())]
    if not known:
        known = [*([INBOX] if access.may_open("inbox.index", frozenset(roles)) else []), *READ_ONLY]
    found: dict[str, Step] = {}
    for step in known:
        if step.endpoint in current_app.view_functions and access.may_open(step.endpoint, frozenset(roles)):
            found.setdefault(str(step.title), step)
    return list(found.values())
