"""Django admin of rules, kinds of events and segments. Customer data is not registered (DECISIONS 5)."""

from visits.admin import company, publishing, rule

__all__ = ["company", "publishing", "rule"]
