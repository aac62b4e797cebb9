"""Evidence of a case: what was photographed, said or written."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from objections.enums import AttachmentKind, Scan
from objections.models.musdes import Musdes
from objections.models.objection import Objection
from recipients.models.region import AreaQuerySet


class AttachmentQuerySet(AreaQuerySet["Attachment"]):
    village_path = "objection__village"

    def unsent(self) -> Self:
        """Of a form that is not sent: neither a case nor a deliberation has it yet."""
        return self.filter(objection=None, musdes=None)

    def of_form(self, form_key: Any) -> Self:
        return self.filter(form_key=form_key)


class Attachment(models.Model):
    """A photo, a voice note or a letter to a case, kept sealed. It belongs to a form until that form is sent.

    The picture that others see holds nothing but pixels; capture time and place stand apart in `taken_sealed`.
    """

    MOST_OF_A_KIND = 12

    form_key = models.UUIDField()
    objection = models.ForeignKey(
        Objection, models.PROTECT, null=True, related_name="attachments", verbose_name=_("sanggahan")
    )
    musdes = models.ForeignKey(
        Musdes, models.PROTECT, null=True, related_name="papers", verbose_name=_("musyawarah desa")
    )
    kind = models.CharField(_("jenis"), max_length=7, choices=AttachmentKind.choices)
    # Among those of its kind and form: the database keeps the count.
    place = models.PositiveSmallIntegerField()
    media_type = models.CharField(max_length=20)
    key = models.CharField(max_length=32, unique=True)  # the random name it is stored under
    sha256 = models.CharField(max_length=64)  # of the file as it came
    size = models.PositiveIntegerField(_("ukuran"))
    taken_sealed = models.BinaryField(null=True)
    scan = models.CharField(_("pemindaian"), max_length=10, choices=Scan.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("waktu"), db_default=Now())

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("bukti")
        verbose_name_plural = _("bukti")
        ordering = ["kind", "place"]
        constraints = [
            models.UniqueConstraint(fields=["form_key", "kind", "place"], name="attachment_place_once"),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=12), name="attachment_places_bounded"
            ),
            models.CheckConstraint(condition=Q(kind__in=AttachmentKind.values), name="attachment_kind_known"),
            models.CheckConstraint(condition=Q(scan__in=Scan.values), name="attachment_scan_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=(AttachmentKind.PAPER, AttachmentKind.CONSENT)) | Q(by__isnull=False),
                name="attachment_papers_from_staff",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.place}"
