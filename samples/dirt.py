"""The dirt of real exports, put onto clean rows: each line says what somebody, or some program, did."""

from datetime import date, datetime

from samples.people import NAMES_OF

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
EPOCH = date(1899, 12, 30)


def soil(services: list[dict], around: date) -> None:
    """Make the rows as dirty as real life; they are changed, added and moved in place."""
    _numbers(services)
    _moments(services)
    _words(services)
    _refused(services)
    _repeated(services)
    services[120]["hidden"] = True
    services[33]["车牌号"], services[33]["VIN"] = "未上牌", services[33]["VIN"].lower()
    services[34]["VIN"] = services[34]["VIN"][:16]  # a digit was lost: the plate counts
    services[35]["VIN"], services[35]["行驶里程"] = "", "5.3万"


def _numbers(services: list[dict]) -> None:
    services[4]["手机号"] = f" {services[4]['手机号'][:3]} {services[4]['手机号'][3:7]} {services[4]['手机号'][7:]} "
    services[9]["手机号"] = services[9]["手机号"].translate(FULL_WIDTH)
    services[14]["手机号"] = "0577-88123456转801"
    services[19]["手机号"] = "（0577）8655 4321"
    services[24]["手机号"] = f"{services[24]['手机号']}/{services[25]['手机号'][:7]}9999"
    services[29]["手机号"] = "400-826-1999"
    services[39]["手机号"] = f"+86-{services[39]['手机号']}"
    services[44]["手机号"] = f"{services[44]['手机号']}\u00a0"
    for found in services[50:80]:
        found["手机号"] = float(found["手机号"])  # the system exports numbers as numbers


def _moments(services: list[dict]) -> None:
    for place, spelling in (
        (40, "%Y/%m/%d %H:%M"), (41, "%Y年%m月%d日 %H:%M"), (42, "%Y.%m.%d"), (43, "%Y%m%d%H%M%S"), (45, "%Y-%m-%d"),
    ):  # fmt: skip
        services[place]["完工时间"] = services[place]["完工时间"].strftime(spelling)
    afternoon = services[46]["完工时间"].replace(hour=14, minute=5)
    services[46]["完工时间"] = f"{afternoon.year}/{afternoon.month}/{afternoon.day} 下午2:05"
    services[47]["完工时间"] = _serial(services[47]["完工时间"])


def _serial(moment: datetime) -> float:
    """Return the moment as the bare number that a cell without a date format shows."""
    return (moment.date() - EPOCH).days + round((moment.hour * 60 + moment.minute) / 1440, 6)


def _words(services: list[dict]) -> None:
    services[60]["客户姓名"] = f"　{services[60]['客户姓名']} "
    services[61]["客户姓名"] = "𠮷野家(温州)有限公司"
    services[62]["业务类型"] = "service_completed"
    services[63]["服务顾问"] = NAMES_OF["sunqiang"]  # has left
    services[180]["服务顾问"] = NAMES_OF["sunqiang"]
    services[64]["服务顾问"] = "周小鱼"  # nobody knows her
    services[65]["服务顾问"] = "zhaomin"
    services[66]["金额"] = "￥1,234.50"
    services[67]["内部CSS得分"] = "118分"
    services[68]["备注"] = "客户要求下午再联系\n不要打座机"
    services[69]["备注"] = "=HYPERLINK说明"  # text that only looks like a formula
    services[70]["客户归属"] = "lina"
    services[71]["手机号"], services[72]["手机号"] = services[73]["手机号"], services[73]["手机号"]  # a fleet
    services[71]["客户姓名"] = services[72]["客户姓名"] = services[73]["客户姓名"]
    services[74]["手机号"] = services[75]["手机号"]  # same number, another name


def _refused(services: list[dict]) -> None:
    services[85]["手机号"] = "1.38E+10"  # saved as text by a spreadsheet: the digits are gone
    services[90]["手机号"] = None
    services[95]["业务类型"] = "服务完城"
    services[100]["金额"] = "=ROUND(1234.5678,2)"
    services[105]["完工时间"] = "3月2日"
    services[110]["客户级别"] = "金卡会员"  # no segment of that name


def _repeated(services: list[dict]) -> None:
    services.insert(131, dict(services[130]))  # the same order twice
    services.insert(151, dict(services[140], 金额=999.0, 备注="补打"))  # again, with another amount: the last counts
    services.insert(161, dict(services[160], 客户姓名="林晓", 手机号="13588887777"))  # one order, two customers
