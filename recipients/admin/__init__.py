"""The registry in the staff's browser admin: people look, nobody edits."""

from recipients.admin.calendar import SubmissionWindowAdmin
from recipients.admin.changes import DecileChangeAdmin
from recipients.admin.code_books import CodeBookAdmin
from recipients.admin.family import FamilyAdmin
from recipients.admin.imports import ImportBatchAdmin, ImportRowAdmin
from recipients.admin.lists import ListDeliveryAdmin, ListRowAdmin
from recipients.admin.messages import MessageAdmin, ShelvedMessageAdmin
from recipients.admin.packs import ProposalPackAdmin
from recipients.admin.people import LogEntryAdmin, RoleAdmin, StaffUserAdmin
from recipients.admin.proposals import UpdateProposalAdmin
from recipients.admin.receiving import EnrolmentAdmin, ExternalFlagAdmin, PayoutRecordAdmin
from recipients.admin.small_tables import DecileCeilingAdmin
from recipients.admin.steps import ProposedStepAdmin
from recipients.admin.system import (
    AccessLogAdmin,
    JobAdmin,
    RegionAdmin,
    RegistryReleaseAdmin,
    StaffAreaAdmin,
)
from recipients.admin.tolerances import ToleranceAdmin

__all__ = [
    "AccessLogAdmin",
    "CodeBookAdmin",
    "DecileCeilingAdmin",
    "DecileChangeAdmin",
    "EnrolmentAdmin",
    "ExternalFlagAdmin",
    "FamilyAdmin",
    "ImportBatchAdmin",
    "ImportRowAdmin",
    "JobAdmin",
    "ListDeliveryAdmin",
    "ListRowAdmin",
    "LogEntryAdmin",
    "MessageAdmin",
    "PayoutRecordAdmin",
    "ProposalPackAdmin",
    "ProposedStepAdmin",
    "RegionAdmin",
    "RegistryReleaseAdmin",
    "RoleAdmin",
    "ShelvedMessageAdmin",
    "StaffAreaAdmin",
    "StaffUserAdmin",
    "SubmissionWindowAdmin",
    "ToleranceAdmin",
    "UpdateProposalAdmin",
]
