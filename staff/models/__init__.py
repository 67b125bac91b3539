"""Who works here, under which rules, and what was done."""

from staff.models.activity import Activity
from staff.models.calendar import WorkdayOverride
from staff.models.employee import Absence, Employee, Posting, QualificationHeld, RoleAssignment
from staff.models.job import JobRun
from staff.models.organisation import Branch, Department, Role
from staff.models.policy import Clause, Policy, PolicyEntry, Release

__all__ = [
    "Absence",
    "Activity",
    "Branch",
    "Clause",
    "Department",
    "Employee",
    "JobRun",
    "Policy",
    "PolicyEntry",
    "Posting",
    "QualificationHeld",
    "Release",
    "Role",
    "RoleAssignment",
    "WorkdayOverride",
]
