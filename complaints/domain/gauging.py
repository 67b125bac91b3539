"""How grave a complaint out of a visit is likely to be: by its words, and by how dissatisfied the customer was. Pure.

A proposal: whoever takes the case sets its level. Words of danger, of law and of the public make it major.
"""

from typing import Final

from complaints.choices import Severity
from visits.models import VisitRecord

MAJOR: Final = (
    "自燃", "起火", "冒烟", "失灵", "失控", "受伤", "安全事故", "断裂", "媒体", "记者", "曝光", "律师", "起诉", "法院",
    "12315", "消协", "消费者协会", "市场监管", "退车", "退一赔三", "accident", "injur", "lawyer", "court", "press",
)  # fmt: skip
IMPORTANT: Final = (
    "投诉", "赔偿", "退款", "退货", "换货", "多次", "第二次", "第三次", "反复", "又坏", "还是不", "欺骗", "乱收费",
    "态度", "refund", "again", "compensat", "rude",
)  # fmt: skip


def severity_of(text: str, record: VisitRecord | None = None) -> Severity:
    """Return what is proposed for these words of a customer, told in that visit."""
    told = text.casefold()
    if any(word in told for word in MAJOR):
        return Severity.MAJOR
    dissatisfied = record is not None and record.satisfied is False
    return Severity.IMPORTANT if dissatisfied or any(word in told for word in IMPORTANT) else Severity.MINOR
