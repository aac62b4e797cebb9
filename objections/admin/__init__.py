"""Objections in the staff's browser admin: the queue and the case, letters, the office's clock."""

from objections.admin.cases import ObjectionAdmin
from objections.admin.clips import AudioClipAdmin
from objections.admin.clock import HolidayAdmin, ServiceTimeAdmin
from objections.admin.letter_texts import LetterTemplateAdmin
from objections.admin.musdes import MusdesAdmin
from objections.admin.office_rules import OfficeRuleAdmin
from objections.admin.posted import LetterAdmin
from objections.admin.remedies import RemedyAdmin
from objections.admin.village_help import VillageHelpAdmin
from objections.admin.visits import FieldVisitAdmin

__all__ = [
    "AudioClipAdmin",
    "FieldVisitAdmin",
    "HolidayAdmin",
    "LetterAdmin",
    "LetterTemplateAdmin",
    "MusdesAdmin",
    "ObjectionAdmin",
    "OfficeRuleAdmin",
    "RemedyAdmin",
    "ServiceTimeAdmin",
    "VillageHelpAdmin",
]
