from recipients.models.access import AccessLog, FamilyCode
from recipients.models.calendar import SubmissionWindow
from recipients.models.code_books import CodeBook
from recipients.models.corrections import FactCorrection
from recipients.models.enrolment import (
    DecileCeiling,
    Enrolment,
    EnrolmentEvent,
    PayoutRecord,
    Programme,
    Quota,
)
from recipients.models.facts import ExternalFlag
from recipients.models.fixes import FixedCell, ImportFix
from recipients.models.guards import ImportGuard
from recipients.models.imports import ImportBatch, ImportEvent, ImportRow
from recipients.models.lists import ColumnMapping, ListDelivery, ListRow
from recipients.models.people import FactsChange, Family, FamilyMembership, Person
from recipients.models.proposals import ProposalPack, UpdateProposal
from recipients.models.region import Region, StaffArea
from recipients.models.registry import CurrentRelease, DecileChange, RegistryRelease, WelfareSnapshot
from recipients.models.steps import ProposedStep
from recipients.models.tolerances import Tolerance
from recipients.models.vault import FamilyCardNumber, PersonNik

__all__ = [
    "AccessLog",
    "CodeBook",
    "ColumnMapping",
    "CurrentRelease",
    "DecileCeiling",
    "DecileChange",
    "Enrolment",
    "EnrolmentEvent",
    "ExternalFlag",
    "FactCorrection",
    "FactsChange",
    "Family",
    "FamilyCardNumber",
    "FamilyCode",
    "FamilyMembership",
    "FixedCell",
    "ImportBatch",
    "ImportEvent",
    "ImportFix",
    "ImportGuard",
    "ImportRow",
    "ListDelivery",
    "ListRow",
    "PayoutRecord",
    "Person",
    "PersonNik",
    "Programme",
    "ProposalPack",
    "ProposedStep",
    "Quota",
    "Region",
    "RegistryRelease",
    "StaffArea",
    "SubmissionWindow",
    "Tolerance",
    "UpdateProposal",
    "WelfareSnapshot",
]
