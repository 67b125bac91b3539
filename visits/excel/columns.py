"""The columns of an export of service events: what each is called in the systems of the trade, and how it is read."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

from config.workbooks.columns import Column, Layout, Setting
from config.workbooks.refusals import Doubtful, Unfit
from config.workbooks.values import bare, choice, code, count, day, decimal, line, moment, prose, yes_no
from visits.domain.contact.numbers import is_scientific, normalise
from visits.domain.contact.plates import plate_of, vin_of

UNTIMED_HOUR = 12  # an event without a time of day happened at noon (POLICY_PACK, Time)
MOST_MILEAGE = 3_000_000
INTERVAL_UNITS = {
    "天": "d",
    "日": "d",
    "周": "w",
    "个月": "m",
    "月": "m",
    "年": "y",
    "d": "d",
    "w": "w",
    "m": "m",
    "y": "y",
}
INTERVAL = re.compile(rf"(?P<count>[0-9]{{1,4}})(?P<unit>{'|'.join(INTERVAL_UNITS)})")
CHANNELS = {
    "座机": "desk_phone", "固话": "desk_phone", "电话": "desk_phone", "手机": "mobile", "短信": "sms", "邮件": "email",
    "电子邮件": "email", "微信": "wechat", "企业微信": "im", "信函": "letter", "上门": "onsite",
    "问卷": "questionnaire",
}  # fmt: skip


def numbers(text: str, _setting: Setting) -> list[str]:
    """Read one or several telephone numbers; a cell without any is refused."""
    found = normalise(text)
    if not found and bare(text):
        raise Unfit("shortened" if is_scientific(text) else "no_number")
    return found or None


def vin(text: str, _setting: Setting) -> str | None:
    """Read a VIN; anything else is left out with a warning."""
    found = vin_of(text)
    if found is None:
        raise Doubtful("not_a_vin")
    return found or None


def plate(text: str, _setting: Setting) -> str | None:
    """Read a number plate; anything else is left out with a warning."""
    found = plate_of(text)
    if found is None:
        raise Doubtful("not_a_plate")
    return found or None


def interval(text: str, _setting: Setting) -> str | None:
    """Read a customer's own interval: 30天, 2周, 1个月, 1年, or as a pack writes it (30d)."""
    said = INTERVAL.fullmatch("".join(unicodedata.normalize("NFKC", bare(text)).casefold().split()))
    if said is None or int(said["count"]) == 0:
        raise Doubtful("not_an_interval")
    return f"{int(said['count'])}{INTERVAL_UNITS[said['unit']]}"


def finish(facts: dict[str, Any], setting: Setting) -> None:
    """Turn local moments into UTC: an event without a time happened at noon, a day alone is due at its beginning."""
    local, timed = facts["happened_at"]
    facts["happened_at"] = _utc(local, timed, UNTIMED_HOUR, setting)
    facts["happened_on"] = local.date().isoformat()
    if due := facts.get("due_at"):
        facts["due_at"] = _utc(*due, 0, setting)
        facts["due_has_time"] = due[1]


def _utc(local: datetime, timed: bool, untimed_hour: int, setting: Setting) -> str:
    hour = local.hour if timed else untimed_hour
    return local.replace(hour=hour, tzinfo=setting.zone).astimezone(UTC).isoformat()


EVENTS = Layout(
    columns=(
        Column(
            "order_no",
            "工单号",
            (
                "工单编号",
                "维修单号",
                "结算单号",
                "订单号",
                "订单编号",
                "单号",
                "单据号",
                "委托书号",
                "order number",
                "order",
                "ro number",
                "ro no",
            ),
            code(80),
            required=True,
        ),
        Column(
            "kind",
            "业务类型",
            ("事件类型", "服务类型", "类型", "event kind", "event", "event type", "business type"),
            line(60),
        ),
        Column(
            "happened_at",
            "完工时间",
            (
                "完工日期",
                "竣工时间",
                "竣工日期",
                "结算时间",
                "结算日期",
                "交车时间",
                "发生时间",
                "发生日期",
                "服务时间",
                "服务日期",
                "下发时间",
                "下发日期",
                "收到时间",
                "收到日期",
                "清单日期",
                "登记时间",
                "登记日期",
                "时间",
                "日期",
                "completed at",
                "completion time",
                "happened on",
                "time",
                "date",
            ),
            moment,
            required=True,
        ),
        Column(
            "due_at",
            "截止时间",
            ("截止日期", "应回访时间", "要求完成时间", "计划时间", "约定时间", "due", "deadline", "due at"),
            moment,
        ),
        Column(
            "name", "客户姓名", ("客户名称", "姓名", "车主", "车主姓名", "客户", "customer name", "customer"), line(80)
        ),
        Column("contact", "联系人", ("联系人姓名", "送修人", "contact person", "contact name"), line(80)),
        Column(
            "numbers",
            "手机号",
            (
                "手机",
                "手机号码",
                "联系电话",
                "电话",
                "电话号码",
                "客户电话",
                "客户手机",
                "车主电话",
                "联系方式",
                "phone",
                "mobile",
                "telephone",
                "phone number",
                "mobile phone",
            ),
            numbers,
            required=True,
            joined=True,
        ),
        Column(
            "segment",
            "客户级别",
            ("客户等级", "会员等级", "会员级别", "客户分类", "level", "customer level", "tier"),
            line(200),
        ),
        Column(
            "plate", "车牌号", ("车牌", "车牌号码", "牌照号", "plate number", "license plate", "licence plate"), plate
        ),
        Column(
            "vin", "VIN", ("VIN码", "车架号", "车架号码", "底盘号", "车辆识别代号", "车辆识别码", "chassis number"), vin
        ),
        Column("model", "车型", ("车系", "车型名称", "车辆型号", "vehicle model", "car model"), line(80)),
        Column("mileage", "行驶里程", ("里程", "里程数", "公里数", "进厂里程", "odometer", "km"), count(MOST_MILEAGE)),
        Column(
            "first_registered_on",
            "上牌日期",
            ("购车日期", "初登日期", "注册日期", "first registered", "first registration"),
            day,
        ),
        Column(
            "warranty_until", "质保到期", ("质保到期日", "保修到期", "保修截止", "质保截止日期", "warranty end"), day
        ),
        Column("high_tech", "高科技产品", ("高新产品", "是否高科技产品", "high tech", "high-tech"), yes_no),
        Column(
            "advisor",
            "服务顾问",
            ("接待", "接待员", "接待顾问", "顾问", "销售顾问", "主治医生", "责任人", "业务员", "service advisor", "sa"),
            line(60),
        ),
        Column(
            "owner",
            "客户归属",
            ("归属人", "归属顾问", "客户归属人", "客户经理", "专属顾问", "account owner", "customer owner"),
            line(60),
        ),
        Column("branch", "分公司", ("门店", "店名", "分店", "公司名称", "经销店", "store", "shop"), line(60)),
        Column("department", "部门", ("所属部门", "业务部门", "dept"), line(60)),
        Column(
            "amount",
            "金额",
            ("结算金额", "实收金额", "消费金额", "总金额", "合计金额", "应收金额", "total", "sum"),
            decimal(2, 14),
        ),
        Column(
            "css",
            "内部CSS得分",
            ("CSS", "CSS得分", "内部CSS", "CSS分数", "满意度得分", "得分", "css score", "score"),
            decimal(2, 8),
        ),
        Column("rating", "满意度评价", ("评价", "满意度", "客户评价", "满意度等级", "satisfaction"), line(40)),
        Column("product", "产品", ("产品名称", "产品线", "商品", "product name"), line(80)),
        Column("remark", "备注", ("说明", "客户反馈", "remarks", "comment", "comments", "note", "notes"), prose(4000)),
        Column("company", "单位", ("单位名称", "所属单位", "客户单位", "工作单位", "company name"), line(120)),
        Column("type", "客户类型", ("客户类别", "客户性质", "customer type"), line(40)),
        Column("area", "区域", ("片区", "客户区域", "所属区域", "customer area"), line(60)),
        Column("region", "地区", ("大区", "省份", "城市", "所在地", "city", "province"), line(60)),
        Column("lifecycle", "客户阶段", ("生命周期", "客户状态", "stage", "life cycle"), line(40)),
        Column("origin", "客户来源", ("来源", "获客渠道", "customer source"), line(60)),
        Column("influence", "影响力", ("客户影响力",), line(40)),
        Column(
            "preferred_channel",
            "偏好渠道",
            ("首选渠道", "回访方式", "preferred channel"),
            choice({**CHANNELS, **{value: value for value in CHANNELS.values()}}),
        ),
        Column("visit_interval", "回访间隔", ("回访周期", "own interval", "visit interval"), interval),
        Column("email", "电子邮箱", ("邮箱", "邮箱地址", "email", "e-mail"), line(120)),
        Column("wechat", "微信号", ("微信", "wechat id"), line(60)),
        Column("im", "QQ", ("QQ号", "QQ号码", "MSN", "messenger"), line(60)),
        Column(
            "address", "通讯地址", ("地址", "联系地址", "客户地址", "家庭住址", "postal address", "address"), line(200)
        ),
        Column("preferred_time", "方便时间", ("方便接听时间", "回访时间偏好", "preferred time"), line(80)),
    ),
    finish=finish,
    ignored=("Row of the first file", "原文件行号", "Why it was rejected", "拒绝原因"),  # as in rejects.py
)
