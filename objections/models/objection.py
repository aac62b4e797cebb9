"""What citizens say about it. The case is public to its owner by number + PIN; the registry is never asked for that."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import ids, vault
from objections.enums import AttachmentKind, EventKind, Reason, Scan, State
from recipients.models import Family, Region
from recipients.models.region import AreaQuerySet


class ObjectionQuerySet(AreaQuerySet["Objection"]):
    def open(self) -> Self:
        return self.filter(state__in=[State.SUBMITTED, State.CHECKING])

    def late(self, today: Any) -> Self:
        return self.open().filter(due_on__lt=today)


class Objection(models.Model):
    """A request to look at the data again. `receipt_no` may be told to anyone; the PIN opens the case."""

    receipt_no = models.CharField(_("nomor"), max_length=16, unique=True)
    pin_hash = models.CharField(max_length=200)
    state = models.CharField(_("tahap"), max_length=16, choices=State.choices, default=State.SUBMITTED)
    reasons = ArrayField(
        models.CharField(max_length=20, choices=Reason.choices), verbose_name=_("yang tidak benar")
    )
    story = models.TextField(_("cerita"), max_length=2000, blank=True)
    birth_date = models.DateField(_("tanggal lahir"))
    nik_sealed = models.BinaryField()
    nik_index = models.BinaryField(max_length=vault.INDEX_BYTES, db_index=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(max_length=vault.INDEX_BYTES, null=True, db_index=True)
    village = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("desa/kelurahan")
    )
    family = models.ForeignKey(
        Family, models.PROTECT, null=True, blank=True, related_name="objections", verbose_name=_("keluarga")
    )
    match: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("kecocokan"), default=dict)
    form_key = models.UUIDField(unique=True)  # one case however often Send is pressed
    filed_at = models.DateTimeField(_("masuk"), db_default=Now())
    due_on = models.DateField(_("batas"))
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("petugas"),
    )
    decided_at = models.DateTimeField(_("diputus"), null=True)
    answer = models.TextField(_("jawaban untuk warga"), blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanggahan")
        verbose_name_plural = _("sanggahan")
        ordering = ["due_on", "id"]
        permissions = [
            ("handle_objection", "May check an objection"),
            ("decide_objection", "May decide an objection"),
            ("print_letter", "May print notice letters with codes"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="objection_state_known"),
            models.CheckConstraint(condition=Q(reasons__len__gte=1), name="objection_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.receipt_no

    def masked_nik(self) -> str:
        return ids.mask(vault.decrypt(vault.NIK, self.nik_sealed, self.nik_index))


class ObjectionEvent(models.Model):
    """Everything that happened to a case, in order; never changed."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="events")
    kind = models.CharField(_("kejadian"), max_length=8, choices=EventKind.choices)
    state_after = models.CharField(_("tahap"), max_length=16, choices=State.choices, blank=True)
    at = models.DateTimeField(_("waktu"), db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("oleh")
    )
    note = models.TextField(_("catatan petugas"), blank=True)  # staff only

    class Meta:
        verbose_name = _("kejadian")
        verbose_name_plural = _("kejadian")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.objection} {self.kind}"


class AttachmentQuerySet(AreaQuerySet["Attachment"]):
    village_path = "objection__village"

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
    kind = models.CharField(_("jenis"), max_length=5, choices=AttachmentKind.choices)
    place = (
        models.PositiveSmallIntegerField()
    )  # among those of its kind and form: the database keeps the count
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
                condition=~Q(kind=AttachmentKind.PAPER) | Q(by__isnull=False),
                name="attachment_papers_from_staff",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.place}"
