"""The columns of a list of the company's own working days and days off."""

from typing import Final

from config.workbooks.columns import Column, Layout
from config.workbooks.values import choice, day, line

WORKED, FREE = "worked", "free"
WORDS: Final = {
    **dict.fromkeys(("上班", "是", "工作日", "调休上班", "补班", "班", "yes", "1", "worked"), WORKED),
    **dict.fromkeys(("休息", "否", "放假", "休", "休假", "no", "0", "free"), FREE),
}
DAYS: Final = Layout(
    columns=(
        Column("on", "日期", ("日子", "day", "date"), day, required=True),
        Column("is_workday", "上班或休息", ("是否上班", "上班", "安排", "worked"), choice(WORDS), required=True),
        Column("note", "说明", ("备注", "原因", "note"), line(120)),
    ),
    keep_others=False,
)
