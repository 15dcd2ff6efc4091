"""The story of one service, step by step, as its people answer the forms by their labels."""

from io import BytesIO
from random import Random

from PIL import Image

from demo.accounts import UNIT
from demo.offices import sample_uscc
from tests.e2e.town import Desk, Town

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOLDER = {
    "name": UNIT,
    "uscc": sample_uscc(0),
    "region_code": "330302",
    "address": "鹿城区车站大道 1 号",
    "contact": "潘志远",
    "mobile": "19900000000",
    "high_risk_kind": "金属冶炼",
    "gbt4754": "C3110",
    "is_key": "否",
    "employees": "245",
    "legal_person": "金行知",
    "safety_officer": "潘志远",
    "risk_level": "黄",
}
POLICY = {
    "number": "AZX330302000001",
    "policyholder_uscc": HOLDER["uscc"],
    "written_premium": "42600.00",
    "collected_premium": "42600.00",
    "term_start": "2026-03-01",
    "term_end": "2027-02-28",
    "signed_on": "2026-03-01",
    "insured_persons": "76",
}


def photo(number: int) -> dict[str, object]:
    """Return a picture that looks like no other."""
    dice = Random(number)
    colours = [tuple(dice.randrange(60, 200) for _ in range(3)) for _ in range(12)]
    picture = Image.new("RGB", (4, 3))
    picture.putdata(colours)
    out = BytesIO()
    picture.resize((1200, 900)).save(out, "JPEG")
    return {"name": f"现场{number}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def paper(name: str) -> dict[str, object]:
    """Return a file of PDF."""
    content = f"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% {name}\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": content.encode()}


def import_register(person: Desk, title: str, file: BytesIO, name: str) -> None:
    """Import a register as its page asks: template, upload, look, confirm."""
    person.go("单位")
    person.keep(f"import-{name}-0")
    card = person.page.get_by_role("region", name=title, exact=True)
    with person.page.expect_download() as download:
        card.get_by_role("link", name="下载模板").click()
    assert download.value.suggested_filename.endswith("导入模板.xlsx")
    card.locator("input[type=file]").set_input_files(
        {"name": f"{name}.xlsx", "mimeType": XLSX, "buffer": file.getvalue()}
    )
    card.get_by_role("button", name="上传核对").click()
    person.page.get_by_text("待确认，还没有写入").wait_for()
    person.keep(f"import-{name}-1")
    person.page.get_by_role("button", name="确认导入 1 行").click()
    person.page.get_by_text("已写入").wait_for()
    person.keep(f"import-{name}-2")


def confirm_facts(do, town: Town) -> None:
    """The facts of the unit, from the first talk."""
    do(
        "coordinator",
        "核实单位情况",
        {
            "是不是重点单位": "否",
            "风险等级": "黄",
            "上一年度是否列入失信联合惩戒或黑名单": "否",
            "单位的服务需求": "隐患排查，新员工培训",
            "对接时间": town.moment(-1),
            "方式": "电话",
            "对接的人": "潘志远，安全负责人",
            "谈了什么": "介绍服务内容，约定先看现场再定方案",
        },
    )


def sign_a_scheme(do) -> None:
    """The scheme: drafted, approved, signed by the unit."""
    do(
        "coordinator",
        "编方案",
        {
            "服务项目": ["隐患排查"],
            "风险状况": "熔炼和吊运是主要风险",
            "预期效果": "重大隐患为零，一般隐患按期整改",
            "服务措施": "现场排查、复查",
            "服务机构与人员": "注册安全工程师 2 人",
            "基本规定目标": "各项达到要求",
            "标准化目标": "三级",
            "服务保障": "专人对接，24 小时电话",
            "投诉与仲裁": "可向保险机构投诉，不服可申请调处或仲裁",
        },
    )
    do("provider_manager", "审方案", {"结论": "批准"})
    do(
        "policyholder",
        "确认方案",
        {
            "是否同意方案": "同意",
            "已收到投诉处理程序和调处方式的告知": True,
            "签字人": "潘志远",
            "职务": "安全负责人",
            "签名": True,
        },
    )


def dispatch(do) -> None:
    """The visit is given to the suggested expert."""
    do(
        "coordinator",
        "派单",
        {
            "计划日期": "+2工作日",
        },
    )


def agree_on_a_day(do, town: Town) -> None:
    """Who comes when, and the unit permits it."""
    do("expert", "接单", {"是否接单": "接单"})
    do(
        "coordinator",
        "服务前沟通",
        {
            "联系人": "潘志远，安全负责人",
            "沟通时间": town.moment(),
            "方式": "电话",
            "进场时间": town.moment(24),
            "预计离场时间": town.moment(28),
            "服务内容": "隐患排查",
            "具体技术措施": "现场查看、仪器检测、查阅台账",
            "防护措施": "安全帽、防滑鞋、反光背心",
        },
    )
    do(
        "policyholder",
        "预约确认",
        {
            "是否同意这次服务": "同意",
            "服务时间已确认": True,
            "服务内容已确认": True,
            "技术措施和防护措施已确认": True,
            "允许服务人员按约定进场": True,
            "允许人姓名": "金行知",
            "允许人职务": "总经理",
            "允许方式": "签名",
            "允许人签名": True,
            "现场联系人": "潘志远，安全负责人 19900000000",
        },
    )


def check_in(do, town: Town) -> None:
    """The gate of the unit, a day later."""
    town.pass_by(hours=24)
    do(
        "expert",
        "进场签到",
        {
            "到场时间": town.moment(),
            "定位": "当前位置",
            "门口照片": [photo(1)],
            "单位是否允许进场": "允许",
            "陪同人姓名": "潘志远",
            "陪同人职务": "安全负责人",
            "已听过单位的安全告知": True,
            "劳动防护用品已穿戴好": True,
        },
    )


def hazard(person: Desk) -> None:
    """Note one item as not met, and the hazard that opens from it."""
    page = person.page
    page.get_by_role("button", name="其余全部“符合”").click()
    page.locator(".form-baseline-row").nth(4).locator("label").filter(has_text="不符合").click()
    row = page.get_by_role("group", name="隐患 1")
    person.fill(
        {
            "部位": "熔炼车间 3 号钢包",
            "级别": "一般",
            "隐患描述": "钢包耳轴超过一年没有探伤",
            "排查分类": "特种设备",
            "致因": "物的",
            "整改建议": "委托有资质的机构探伤，合格后使用",
            "建议整改期限": "+10工作日",
            "整改前照片": [photo(2)],
        },
        row,
    )
    person.fill({"说明": "检测报告已过期"})


def record(do, town: Town) -> None:
    """The record of the visit: a checklist, one general hazard from it, photos."""
    town.pass_by(hours=3)

    do(
        "expert",
        "服务记录",
        {
            "开始": town.moment(-3),
            "结束": town.moment(),
            "服务地点": "熔炼车间、配电室",
            "服务过程": "按约定时间到厂，查看了熔炼车间和配电室，并与安全负责人逐条核对。",
            "完成的服务项目": ["隐患排查"],
            "现场照片": [photo(3), photo(4)],
            "采取的技术与防护措施": "全程佩戴防护用品",
            "离场时间": town.moment(),
        },
        more=hazard,
    )
    do("policyholder", "现场签字", {"意见": "无", "签字人": "潘志远", "职务": "安全负责人", "签名": True})


def give_notice(do, town: Town) -> None:
    """The notice: signed and served."""
    do("coordinator", "审签告知书", {})
    do(
        "expert",
        "送达告知书",
        {
            "送达方式": "当面",
            "送达时间": town.moment(),
            "签收人": "潘志远，安全负责人",
            "签收人签名": True,
        },
    )


def file_the_visit(do, town: Town) -> None:
    """Return visit, papers, both signatures, archive, fee."""
    town.pass_by(days=1)
    do(
        "return_visitor",
        "回访",
        {
            "联系上了吗": "联系上了",
            "回访方式": "电话",
            "回访时间": town.moment(),
            "受访人": "潘志远",
            "职务": "安全负责人",
            "满意度": "5",
            "具体意见": "检查细致",
            "进展": "正在整改",
            "对方提出投诉吗": "否",
        },
    )
    do("coordinator", "整理材料", {"附件完整、清晰，能对应到每一项服务": True}, more=all_complete)
    do(
        "policyholder",
        "单位确认记录",
        {"记录是否属实": "确认无误", "签字人": "潘志远", "职务": "安全负责人", "签名": True},
    )
    do("coordinator", "第三方签字", {"签字人": "周协调", "签名": True})
    do(
        "provider_finance",
        "费用结算",
        {
            "金额": "1800.00",
            "收款方": "温州演示服务有限公司",
            "费用类别": "隐患排查",
            "凭证": [paper("发票")],
        },
    )


def all_complete(person: Desk) -> None:
    """Say of each of the elements that it is complete."""
    rows = person.page.get_by_role("group", name="要素")
    for number in range(rows.count()):
        rows.nth(number).locator("label").filter(has_text="齐").first.click()


def close_the_hazard(do, town: Town) -> None:
    """From the plan of the unit to the recheck."""
    do(
        "policyholder",
        "整改方案",
        {
            "怎么处理": "接受并整改",
            "责任人": "潘志远",
            "整改措施": "停用并委托探伤",
            "完成日期": "+5工作日",
        },
    )
    town.pass_by(days=3)
    do(
        "policyholder",
        "整改反馈",
        {"完成日期": "今天", "做了什么": "探伤合格，已换新", "整改后照片": [photo(5)]},
    )
    do(
        "expert",
        "复查",
        {
            "复查方式": "照片",
            "复查时间": town.moment(),
            "结论": "合格",
            "意见": "整改到位",
            "复查照片": [photo(6)],
        },
    )
