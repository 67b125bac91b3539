"""Whom must we talk to, by when, and what did they say."""

from visits.models.batch import ColumnMapping, ImportBatch, ImportChunk, ImportRow
from visits.models.campaign import Campaign, SavedFilter
from visits.models.change import CustomerChange, CustomerMerge
from visits.models.customer import ContactNumber, Customer, CustomerSegment, Segment
from visits.models.draft import CallDraft
from visits.models.event import EventBinding, EventKind, ServiceEvent
from visits.models.evidence import Evidence, EvidenceDoubt, RecordCheck
from visits.models.follow_up import FollowUpDeed, FollowUpItem
from visits.models.obligation import Obligation, ObligationPause
from visits.models.passing import ImportantWord, WordRecipient
from visits.models.promise import Promise
from visits.models.record import RecordTask, VisitRecord
from visits.models.rehearsal import Changeover, Rehearsal
from visits.models.restriction import ContactRestriction
from visits.models.rule import ReleasedRule, ReleasedStep, VisitRule, VisitStep
from visits.models.stage import TaskStage
from visits.models.task import SamplePool, Series, VisitTask
from visits.models.vehicle import Ownership, Vehicle

__all__ = [
    "CallDraft",
    "Campaign",
    "Changeover",
    "CustomerChange",
    "CustomerMerge",
    "SavedFilter",
    "TaskStage",
    "ColumnMapping",
    "ContactNumber",
    "ContactRestriction",
    "Customer",
    "CustomerSegment",
    "EventBinding",
    "EventKind",
    "Evidence",
    "EvidenceDoubt",
    "FollowUpDeed",
    "FollowUpItem",
    "ImportBatch",
    "ImportChunk",
    "ImportRow",
    "ImportantWord",
    "Obligation",
    "ObligationPause",
    "Ownership",
    "Promise",
    "RecordCheck",
    "RecordTask",
    "Rehearsal",
    "ReleasedRule",
    "ReleasedStep",
    "SamplePool",
    "Segment",
    "Series",
    "ServiceEvent",
    "Vehicle",
    "VisitRecord",
    "VisitRule",
    "VisitStep",
    "VisitTask",
    "WordRecipient",
]
