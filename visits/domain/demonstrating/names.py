"""Words that made-up people, cars and orders are put together from; the sample files use them too."""

from typing import Final

SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
GIVEN: Final = (
    "伟", "芳", "娜", "敏", "静", "磊", "强", "洋", "艳", "勇", "军", "杰", "娟", "涛", "超", "明", "霞", "平", "建国",
    "秀英", "志强", "雨桐", "浩然", "子涵", "晓燕", "文博", "思远", "佳怡",
)  # fmt: skip
MODELS: Final = (
    "迈腾 380TSI", "途观L 330TSI", "朗逸 1.5L", "帕萨特 330TSI", "凌渡 280TSI", "威然 380TSI", "ID.4 CROZZ",
)  # fmt: skip
PREFIXES: Final = ("135", "137", "138", "139", "158", "186")
VIN_SIGNS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
RATINGS: Final = (("极为满意", 120, 120), ("满意", 96, 118), ("一般", 72, 95), ("不满意", 40, 71))
JOBS: Final = (
    "首次保养", "常规保养", "更换刹车片", "钣金喷漆", "空调检修", "更换轮胎", "发动机检修", "四轮定位",
)  # fmt: skip
FEEDBACK: Final = (
    "等待时间太长",
    "交车时未洗车",
    "费用没有事先说明",
    "问题没有修好又返修",
    "服务态度冷淡",
    "休息区环境差",
    "",
)
