"""The cases of the demo company that people tell of themselves: who, when, what, and what becomes of each.

A day of a deed is counted from the day on which the case was told of.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from complaints.choices import CaseType, Source, WorkOrderState
from complaints.domain.demonstrating import deeds
from complaints.domain.demonstrating.deeds import Deed
from complaints.domain.demonstrating.mending import mend, refuse


@dataclass(frozen=True)
class Story:
    """One case: told `ago` days before today, by the customer of `whose` (another story's key for the same one)."""

    key: str
    ago: int
    summary: str
    category: str
    source: Source = Source.PHONE
    type: CaseType = CaseType.COMPLAINT
    demand: str = ""
    severity: str = "minor"
    importance: str = "normal"
    urgency: str = "normal"
    whose: str = ""
    exemption: str = ""
    by: str = "lina"
    then: tuple[tuple[int, Deed], ...] = field(default=())

    def facts(self) -> dict[str, Any]:
        """Return what is told as the program asks for it."""
        names = ("summary", "category", "source", "type", "demand", "severity", "importance", "urgency", "exemption")
        return {name: getattr(self, name) for name in names}


STORIES: Final = (
    Story(
        "2601", 19, "换完刹车片一踩就响，来了两趟都说正常", "rework",
        demand="查清原因，不再收工时费", severity="important",
        then=(
            (0, deeds.reply("已约明天上午到店，由技师长试车")),
            (1, deeds.ask("服务部", "请查当时用的配件批次", "批次正常，刹车盘有台阶")),
            (2, deeds.solve("刹车盘磨损不均，当时没有光盘", "免费光盘并更换消音片")),
            (3, deeds.learn(
                "刹车异响先看刹车盘", "换片后低速异响，刹车片正常", "量刹车盘厚薄差，超过 0.02 毫米先光盘", 90
            )),
        ),
    ),
    Story(
        "2602", 15, "喷漆后车门色差明显，阳光下一眼能看出来", "paint", source=Source.VISIT,
        demand="重喷", severity="important",
        then=(
            (0, deeds.reply("请钣喷组长当面看过，确认有色差")),
            (1, deeds.solve("调漆时没有按车龄修正", "重新调漆，重喷左前门")),
            (3, deeds.reopen("客户说重喷后边缘仍有接口")),
            (4, deeds.go_on("总经理看车，安排外请师傅", told=True)),
        ),
    ),
    Story(
        "2603", 12, "前台讲话不耐烦，问两句就说“等着”", "attitude", source=Source.HOTLINE, severity="important",
        demand="道歉", then=(
            (0, deeds.reply("已致歉，部门经理当天调看了录像")),
            (1, deeds.accuse("wanglei", "态度生硬", "录像显示两次打断客户，情况属实")),
            (2, deeds.make_good(100, "工时抵用券一张", approved=True)),
            (2, deeds.solve("高峰时前台只有一人", "当面道歉，高峰加派一人", measure="apology")),
        ),
    ),
    Story(
        "2604", 8, "约好三点提车，等到六点，没有人告诉我", "waiting", source=Source.WECHAT,
        then=((0, deeds.reply("已致歉，说明配件晚到")), (1, deeds.make_good(80, "洗车券两张", approved=False))),
    ),
    Story(
        "2605", 7, "结算单比报价多了四百，事先没有讲", "price", severity="important", demand="退还差价",
        then=((0, deeds.reply("已核对结算单，追加的项目没有签字")),),
    ),
    Story(
        "2606", 6, "报价和结算差了四百块钱，前两天打过电话", "price", source=Source.EMAIL, whose="2605", by="wangfang",
        then=((1, deeds.join("2605")),),
    ),
    Story(
        "2607", 6, "发动机大修后三天又冒蓝烟，要求解释清楚", "rework", source=Source.GOV_HOTLINE, severity="major",
        demand="退还修理费", importance="high", urgency="high",
        then=(
            (0, deeds.reply("总经理办公室已与客户通话，安排拖车")),
            (1, deeds.decide("由厂家技术人员到店会诊，费用由我们承担")),
        ),
    ),
    Story(
        "2608", 5, "修空调的时候把仪表台划了一道", "paint", source=Source.LETTER,
        demand="修复",
        then=((0, deeds.reply("收到来信当天回电，约周末到店看车")), (1, deeds.withdraw("客户发现是旧痕，来电撤回"))),
    ),
    Story(
        "2609", 4, "停车场收费牌看不清，好几个人被多收", "service", source=Source.MAILBOX,
        exemption="anonymous",
        type=CaseType.PROBLEM,
        then=((1, deeds.go_on("已换新牌")), (2, deeds.solve("牌子反光", "换成哑光大字牌")),
              (2, deeds.exempt("anonymous"))),
    ),
    Story(
        "2610", 4, "能不能周日也开一个快修工位", "service", type=CaseType.SUGGESTION, source=Source.ONLINE,
        then=((1, deeds.reply("已转服务部研究，月底前答复")),
              (2, deeds.solve("", "下月起周日开放一个快修工位", measure="other")),
              (2, deeds.close("很满意")), (3, deeds.archive())),
    ),
    Story(
        "2611", 2, "变速箱换挡顿挫，上次保养后才有的", "rework", urgency="high",
        then=((0, deeds.reply("已约明早试车")), (1, deeds.go_on("技师试车，疑似油品问题，送检", told=True)),
              (1, deeds.wait("等厂家油样化验结果"))),
    ),
    Story("2612", 1, "想问延保还能不能买", "price", type=CaseType.ENQUIRY, source=Source.CHAT,
          then=((0, deeds.reply("三年内可买，已把报价发给客户")),)),
    Story(
        "2613", 1, "钥匙遥控失灵，希望上门看一下", "repair", type=CaseType.REPAIR, urgency="high",
        then=(
            (0, deeds.reply("已约好上门时间")),
            (0, mend("上门检测遥控钥匙", "遥控钥匙", WorkOrderState.DISPATCHED, urgent=True)),
        ),
    ),
    Story(
        "2616", 5, "保险理赔一个月没有结果，三家互相推", "service", severity="important", demand="明确答复日期",
        then=(
            (0, deeds.reply("已联系保险公司理赔员，明日回话")),
            (1, deeds.escalate("保险公司不给时间，建议经理出面约谈", by="lina")),
            (2, deeds.escalate("约谈未果，建议公司垫付后追偿", by="zhangwei")),
            (2, deeds.go_on("总经理已约保险公司负责人", told=True)),
        ),
    ),
    Story("2617", 9, "洗车房排水不畅，鞋子都湿了", "service", type=CaseType.PROBLEM, source=Source.LETTER,
          then=((0, deeds.reply("已安排疏通")),)),
    Story(
        "2618", 8, "洗车房门口积水一直没有人处理", "service", type=CaseType.PROBLEM, source=Source.ONLINE,
        then=((2, deeds.answer_together("2617", "关于洗车房积水的说明", "排水沟已疏通并加装格栅，深表歉意。")),),
    ),
    Story("2619", 6, "车窗升到一半停住", "repair", type=CaseType.REPAIR,
          then=((0, deeds.reply("已约明天到店")), (1, mend("检修左前门玻璃升降器", "玻璃升降器", WorkOrderState.DONE)),
                (2, deeds.solve("升降器导轨变形", "更换升降器")), (2, deeds.close("修好了，谢谢")))),
    Story("2620", 3, "倒车影像时有时无", "repair", type=CaseType.REPAIR,
          then=((0, deeds.reply("已约技师上门")), (1, mend("检查摄像头线束", "倒车影像", WorkOrderState.REPORTED)),)),
    Story("2621", 2, "座椅加热不工作", "repair", type=CaseType.REPAIR,
          then=((0, deeds.reply("已约技师上门")), (1, mend("检查座椅加热垫", "座椅加热", WorkOrderState.ARRIVED)),)),
    Story("2622", 1, "加装的行车记录仪黑屏", "repair", type=CaseType.REPAIR,
          then=((0, refuse("检查行车记录仪", "行车记录仪")),)),
    Story("2623", 1, "后备箱关不严", "repair", type=CaseType.REPAIR,
          then=((0, mend("调整后备箱锁扣", "后备箱锁", WorkOrderState.CHECKED)),)),
    Story("2624", 0, "中控锁锁不上，停在小区不敢走", "repair", type=CaseType.REPAIR, urgency="high",
          then=((0, mend("上门检修中控锁", "中控锁", WorkOrderState.OPENED, urgent=True)),)),
    Story("2625", 1, "两年前的维修发票丢了，还能补开吗", "other", type=CaseType.ENQUIRY, source=Source.ONLINE),
    Story("2614", 0, "今天提车发现右后轮毂有新刮痕", "paint", severity="important", demand="赔偿", urgency="high"),
    Story("2615", 0, "排队两个小时还没有轮到，前台没有人管", "waiting", source=Source.VISIT),
)  # fmt: skip
