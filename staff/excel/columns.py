"""The columns of a staff list: what each is called, and how it is read."""

from typing import Final

from config.workbooks.columns import Column, Layout
from config.workbooks.values import code, day, line

STAFF: Final = Layout(
    columns=(
        Column(
            "username", "用户名", ("账号", "工号", "登录名", "user name", "login", "account"), code(60), required=True
        ),
        Column("name", "姓名", ("员工姓名", "名字", "full name"), line(60), required=True),
        Column("roles", "角色", ("职务", "岗位", "职位", "role"), line(400), required=True, joined=True),
        Column("branch", "分公司", ("门店", "店名", "分店", "公司", "store", "shop"), line(60)),
        Column("department", "部门", ("所属部门", "dept"), line(60)),
        Column("manager", "上级", ("直属上级", "主管", "上级用户名", "line manager", "reports to"), line(60)),
        Column("email", "邮箱", ("电子邮件", "电子邮箱", "邮件", "e-mail", "mail"), line(254)),
        Column("area", "区域", ("负责区域", "片区"), line(60)),
        Column("from_on", "入职日期", ("入职时间", "到岗日期", "joined on", "from"), day),
        Column("left_on", "离职日期", ("离职时间", "最后工作日", "left on"), day),
        Column("hand_over_to", "交接人", ("工作交接人", "接手人", "hand over to"), line(60)),
    ),
    keep_others=False,
)
