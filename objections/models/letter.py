"""Letters to people with a case: the office's own texts as versions, and each letter with the version it came from."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bansos.common import notes, vault
from objections.enums import Draft, LetterKind
from objections.models.objection import Objection
from objections.models.versions import Version, VersionQuerySet
from recipients.models import Family
from recipients.models.region import AreaQuerySet


class LetterTemplateQuerySet(VersionQuerySet["LetterTemplate"]):
    def in_force(self, kind: str) -> LetterTemplate:
        """The first of each kind comes with the portal."""
        return self.approved(kind)[0]


class LetterTemplate(Version):
    """One version of a text: another text is another version."""

    ABOUT = "kind"
    LONGEST = 4000

    kind = models.CharField(_("jenis surat"), max_length=10, choices=LetterKind.choices)
    title = models.CharField(_("judul surat"), max_length=90)
    body = models.TextField(_("isi surat"), max_length=LONGEST)
    written_by = models.ForeignKey(  # type: ignore[assignment]
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ditulis oleh")
    )  # none: came with the portal

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("teks surat")
        verbose_name_plural = _("teks surat")
        ordering = ["kind", "-version"]
        permissions = [("approve_lettertemplate", "May approve a letter's text that somebody else wrote")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="letter_version_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state=Draft.WAITING), name="letter_one_draft_a_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=LetterKind.values), name="letter_kind_known"),
            models.CheckConstraint(
                condition=~Q(state=Draft.APPROVED) | Q(settled_by=None) | ~Q(settled_by=F("written_by")),
                name="letter_text_approved_by_another",
            ),
        ]


class LetterQuerySet(AreaQuerySet["Letter"]):
    village_path = "objection__village"

    def waiting(self) -> Self:
        return self.filter(printed_at=None)

    def on_the_way(self) -> Self:
        """Printed, and nobody said yet into whose hands it came."""
        return self.filter(printed_at__isnull=False, handed_on=None)

    def printable_by(self, user: Any) -> Self:
        """In the user's area, and so is the family: families move, and a case keeps its village."""
        ours = Q(objection__family=None) | Q(objection__family__in=Family.objects.visible_to(user))
        return self.visible_to(user).filter(ours)


class Letter(models.Model):
    """A letter to the owner of one case. What it says is sealed and stays as sent; name, address and code are put in
    when it is printed, and are kept nowhere.
    """

    key = models.CharField(max_length=100, unique=True)  # what it is about: one cause, one letter
    objection = models.ForeignKey(
        Objection, models.PROTECT, related_name="letters", verbose_name=_("sanggahan")
    )
    template = models.ForeignKey(
        LetterTemplate, models.PROTECT, related_name="letters", verbose_name=_("teks surat")
    )
    text_sealed = models.BinaryField()
    made_at = models.DateTimeField(_("dibuat"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dibuat oleh")
    )
    prints = models.PositiveSmallIntegerField(_("kali dicetak"), default=0)
    printed_at = models.DateTimeField(_("dicetak"), null=True)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dicetak oleh")
    )
    handed_on = models.DateField(_("diserahkan"), null=True)
    handed_to = notes.NoteField(_("diterima oleh"), max_length=120, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dicatat oleh")
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("surat")
        verbose_name_plural = _("surat")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(prints=0, printed_at=None, printed_by=None)
                | Q(prints__gte=1, printed_at__isnull=False, printed_by__isnull=False),
                name="letter_printed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(handed_on=None, handed_to="", handed_by=None)
                | Q(handed_on__isnull=False, handed_by__isnull=False, printed_at__isnull=False)
                & ~Q(handed_to=""),
                name="letter_handed_to_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["objection"], condition=Q(printed_at=None), name="letter_waiting_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.objection}: {self.template}"

    def text(self) -> str:
        """As sent, the names in braces that are filled in at printing still in it."""
        return str(vault.open_json(self.text_sealed, seal_purpose(self.key)))


def seal_purpose(key: str) -> bytes:
    return b"letter|" + key.encode()


def seal_text(text: str, key: str) -> bytes:
    return vault.seal_json(text, seal_purpose(key))
