from recipients.models.access import AccessLog, FamilyCode
from recipients.models.enrolment import DecileCeiling, Programme
from recipients.models.imports import ImportBatch, ImportRow
from recipients.models.people import FactsChange, Family, FamilyMembership, Person
from recipients.models.region import Region, StaffArea
from recipients.models.registry import CurrentRelease, DecileChange, RegistryRelease, WelfareSnapshot
from recipients.models.vault import FamilyCardNumber, PersonNik

__all__ = [
    "AccessLog",
    "CurrentRelease",
    "DecileCeiling",
    "DecileChange",
    "FactsChange",
    "Family",
    "FamilyCardNumber",
    "FamilyCode",
    "FamilyMembership",
    "ImportBatch",
    "ImportRow",
    "Person",
    "PersonNik",
    "Programme",
    "Region",
    "RegistryRelease",
    "StaffArea",
    "WelfareSnapshot",
]
