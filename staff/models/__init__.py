"""Who works here, under which rules, and what was done."""

from staff.models.activity import Activity
from staff.models.api import ApiAnswer, ApiClient
from staff.models.backup import Backup
from staff.models.calendar import WorkdayOverride
from staff.models.company import Company
from staff.models.conduct import Ballot, DetectorMark, Measure, Violation, ViolationStep
from staff.models.duty import Shift
from staff.models.employee import Absence, Employee, Posting, QualificationHeld, RoleAssignment
from staff.models.health import Alarm, Heartbeat, Outage, Quarantined
from staff.models.job import JobRun
from staff.models.leave import LeaveRequest
from staff.models.ledger import LedgerEntry, MonthClose, MonthNotice, Statement
from staff.models.notification import Notification
from staff.models.organisation import Branch, Department, Role
from staff.models.policy import Clause, Policy, PolicyEntry, Release
from staff.models.training import TrainingRecord

__all__ = [
    "Absence",
    "Activity",
    "Alarm",
    "ApiAnswer",
    "ApiClient",
    "Backup",
    "Ballot",
    "Branch",
    "Clause",
    "Company",
    "Department",
    "DetectorMark",
    "Employee",
    "Heartbeat",
    "JobRun",
    "LeaveRequest",
    "LedgerEntry",
    "Measure",
    "MonthClose",
    "MonthNotice",
    "Notification",
    "Outage",
    "Policy",
    "PolicyEntry",
    "Posting",
    "QualificationHeld",
    "Quarantined",
    "Release",
    "Role",
    "RoleAssignment",
    "Shift",
    "Statement",
    "TrainingRecord",
    "Violation",
    "ViolationStep",
    "WorkdayOverride",
]
