"""Cases, what happened to them, their evidence, and the office's clock: a module a noun, all names here."""

from objections.models.attachment import Attachment, AttachmentQuerySet
from objections.models.clip import AudioClip, AudioClipQuerySet
from objections.models.clock import Holiday, ServiceTime
from objections.models.letter import Letter, LetterQuerySet, LetterTemplate
from objections.models.musdes import Musdes, MusdesItem
from objections.models.objection import Objection, ObjectionEvent, ObjectionQuerySet
from objections.models.office_rule import OfficeRule, OfficeRuleQuerySet
from objections.models.phone import PhoneCode, PhoneConfirmation
from objections.models.remedy import Remedy, RemedyQuerySet
from objections.models.token import CaseToken
from objections.models.village_help import VillageHelp, VillageHelpQuerySet
from objections.models.visit import FieldVisit, FieldVisitQuerySet

__all__ = [
    "Attachment",
    "AttachmentQuerySet",
    "AudioClip",
    "AudioClipQuerySet",
    "CaseToken",
    "FieldVisit",
    "FieldVisitQuerySet",
    "Holiday",
    "Letter",
    "LetterQuerySet",
    "LetterTemplate",
    "Musdes",
    "MusdesItem",
    "Objection",
    "ObjectionEvent",
    "ObjectionQuerySet",
    "OfficeRule",
    "OfficeRuleQuerySet",
    "PhoneCode",
    "PhoneConfirmation",
    "Remedy",
    "RemedyQuerySet",
    "ServiceTime",
    "VillageHelp",
    "VillageHelpQuerySet",
]
