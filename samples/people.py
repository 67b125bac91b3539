"""The people of the sample company; those of the demo are among them under the same user names."""

STAFF_HEADER = ("用户名", "姓名", "角色", "分公司", "部门", "上级", "离职日期", "交接人")
EAST, WEST = "城东店", "城西店"
SERVICE, CARE = "服务部", "客服部"


def person(username: str, name: str, role: str, branch: str = "", department: str = "", manager: str = "") -> dict:
    """Return one row of the staff list."""
    return {
        "用户名": username, "姓名": name, "角色": role, "分公司": branch, "部门": department, "上级": manager,
    }  # fmt: skip


STAFF = (
    person("liuyang", "刘洋", "服务顾问", EAST, SERVICE, "zhangwei"),
    person("chenjing", "陈静", "服务顾问", EAST, SERVICE, "张伟"),
    person("zhaomin", "赵敏", "service_advisor", EAST, SERVICE, "zhangwei"),
    person("wanglei", "王磊", "服务顾问", EAST, SERVICE, "zhangwei"),
    person("wanglei2", "王磊", "服务顾问", WEST, SERVICE, "hejun"),
    person("huangli", "黄丽", "服务顾问", WEST, SERVICE, "hejun"),
    {**person("sunqiang", "孙强", "服务顾问", EAST, SERVICE, "zhangwei"), "离职日期": True, "交接人": "zhaomin"},
    person("lina", "李娜", "客服主管", EAST, CARE, "wangfang"),
    person("wangfang", "王芳", "质量经理", EAST, CARE, "zhoujie"),
    person("zhangwei", "张伟", "部门经理", EAST, SERVICE, "zhoujie"),
    person("hejun", "何军", "部门经理、服务顾问", WEST, SERVICE, "zhoujie"),
    person("zhoujie", "周杰", "总经理"),
    person("admin", "系统管理员", "系统管理员"),
)
NAMES_OF = {found["用户名"]: found["姓名"] for found in STAFF}
ADVISORS = {EAST: ("刘洋", "陈静", "赵敏", "王磊"), WEST: ("王磊", "黄丽")}
