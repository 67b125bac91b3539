"""Models of the complaints app, one module per noun."""

from complaints.models.case import Accusation, Case, CaseDeed
from complaints.models.further import Article, Compensation, Entry, IntakeLink, PublicLetter
from complaints.models.work_order import WorkOrder

__all__ = [
    "Accusation", "Article", "Case", "CaseDeed", "Compensation", "Entry", "IntakeLink", "PublicLetter", "WorkOrder",
]  # fmt: skip
