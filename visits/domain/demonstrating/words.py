"""What people of the demo company say and write beside the calls themselves."""

from typing import Any, Final

# What a customer who rings says, and what they want to be called back for (nothing: they only wanted to know).
CALLS_IN: Final = (
    ("询问保养套餐价格", "报小保养套餐价格并预约工位"),
    ("说车里导航升级后黑屏", "技师回电确认是否需要到店"),
    ("问延保到期日", ""),
    ("想改约周六上午来店", "确认周六工位"),
    ("反映上次开的发票抬头有误", "回电确认开票信息并寄出新发票"),
    ("问救援电话", ""),
)
WORDS: Final = (
    "客户是浙南商会会长，车队有 12 台车明年到换车期，建议销售一起跟进",
    "客户说保险下月到期，别家报价便宜三百，请续保专员联系",
    "连续两次返修同一处异响，客户情绪激动，请技术主管当面试车",
    "客户投诉交车区地面湿滑差点摔倒，请当天整改",
    "客户愿意参加车主讲堂，可作为口碑案例",
)
REASONS: Final = (
    "已致电客户，约好周四当面谈",
    "已交技术主管，试车后回复顾问",
    "已整改并拍照留存",
    "已转续保专员，报价当天发给客户",
)
REFUSALS: Final = (
    ("promotion", "客户说不要再推销保险"),
    ("survey", "客户不愿意再做问卷"),
    ("all", "客户要求以后不要联系，有事自己打来"),
    ("service", "客户说保养时间自己记得，不用提醒"),
)
# Why a record is put right, and what is put in its place.
CORRECTIONS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("听录音后补记客户原话", {"notes": "客户原话：等了四十分钟没人告诉我修到哪一步"}),
    ("建议记漏了", {"suggestion": "希望休息区加一个儿童区"}),
    ("方式选错，实际用手机拨打", {"channel": "mobile", "channel_reason": "座机占线"}),
)
HOUSES: Final = ("鹿城区信河街 118 号", "瓯海区景山街道 6 幢 402", "龙湾区永强大道 1560 号", "乐清市柳市镇长东路 9 号")
SPANS: Final = ("09:00-11:30", "14:00-17:00", "18:00-20:00", "工作日中午，14:00-15:00")
# What is noted about a problem on the way, and how it ends.
PROGRESS: Final = ("技师已电话了解情况", "配件已订，两天到货", "已请车间主管复核工单", "财务在核对清单")
TOLD: Final = ("已告知客户处理进度", "已回电说明原因，客户表示理解")
RESULTS: Final = (
    "到店复检，做动平衡后正常，客户试车认可",
    "退还差额 300 元，客户确认收到",
    "更换冷凝器，路试两天无异常",
    "当面道歉并补偿一次免费洗车，客户接受",
    "说明磨合期现象，一周后回访无异响",
)
REPAIRS_DONE: Final = ("已录入并在下次来店时更换", "客户同意，已预约工位")
EXPLANATIONS: Final = (
    "那天带客户试车，回来时忘了交，已设下班提醒",
    "系统里写好了没有点提交，以后交完再走",
    "临时外出接车，没有委托同事，今后提前说",
)
DOUBTS: Final = "客户来电说异响又出现"
