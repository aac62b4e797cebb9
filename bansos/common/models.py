"""Job rows and outgoing messages: the truth of background work. Code that moves them: jobs.py and outbox.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    READY = "READY", _("Menunggu")
    RUNNING = "RUNNING", _("Berjalan")
    DONE = "DONE", _("Selesai")
    DEAD = "DEAD", _("Gagal, perlu orang")


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=[JobState.READY, JobState.RUNNING])

    def due(self) -> JobQuerySet:
        """Ready and its time has come, or running past its lease: by the database's clock."""
        lapsed = Q(state=JobState.RUNNING, lease_until__lt=Now())
        return self.filter(Q(state=JobState.READY) | lapsed, run_after__lte=Now())

    def claimable(self) -> JobQuerySet:
        return self.due().filter(attempt__lt=models.F("max_attempt"))


class Job(models.Model):
    """One piece of work. `params` holds ids only, never a NIK, a card number or a name."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    params: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.READY)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    # Claims, also those that died with their worker.
    max_attempt = models.PositiveSmallIntegerField(default=25)
    failures = models.PositiveSmallIntegerField(default=0)  # claims that ended in an error of the job itself
    run_after = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    progress: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("pekerjaan")
        verbose_name_plural = _("pekerjaan")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="job_once_per_key"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["run_after"], name="job_unfinished", condition=Q(state__in=["READY", "RUNNING"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Heartbeat(models.Model):
    """The last sign of life of a process of ours: `worker`, `sweep`, `beat`."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Channel(models.TextChoices):
    EMAIL = "EMAIL", _("surel")
    SMS = "SMS", _("SMS")
    WHATSAPP = "WHATSAPP", _("WhatsApp")
    PRINT = "PRINT", _("surat cetak")


class MessageState(models.TextChoices):
    WAITING = "WAITING", _("menunggu dikirim")
    SENT = "SENT", _("terkirim")
    DEAD = "DEAD", _("tidak terkirim, perlu orang")
    LAPSED = "LAPSED", _("lewat waktunya, tidak dikirim")


class Message(models.Model):
    """One message to one person, in the outbox (docs/decisions/0010-outbox.md).

    Its words are made when it is sent, from `template` and `values`, which name nobody; its address is sealed, or that
    of a member of staff. `attempts` only grows; `failures` counts since a person last asked for it. What is of no use
    later (a code) says until when it may go out.
    """

    key = models.CharField(_("kunci"), max_length=120, unique=True)
    template = models.CharField(_("jenis"), max_length=60)
    channel = models.CharField(_("saluran"), max_length=8, choices=Channel.choices)
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("petugas")
    )
    sealed = models.BinaryField(null=True)
    index = models.BinaryField(max_length=16, null=True)
    state = models.CharField(
        _("keadaan"), max_length=7, choices=MessageState.choices, default=MessageState.WAITING
    )
    attempts = models.SmallIntegerField(_("percobaan"), default=0)
    failures = models.SmallIntegerField(default=0)
    posted_at = models.DateTimeField(_("dibuat"))
    next_try = models.DateTimeField(_("dicoba lagi"))
    valid_until = models.DateTimeField(_("dikirim paling lambat"), null=True)
    finished_at = models.DateTimeField(_("selesai"), null=True)
    error = models.CharField(_("sebab"), max_length=300, blank=True)
    # Stamped when it is sent (costs.py); e-mail and letters have none.
    parts = models.PositiveSmallIntegerField(_("bagian"), null=True)
    cost = models.PositiveIntegerField(_("biaya (rupiah)"), null=True)

    class Meta:
        verbose_name = _("pesan keluar")
        verbose_name_plural = _("pesan keluar")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel=Channel.PRINT)
                | Q(user__isnull=False)
                | Q(sealed__isnull=False, index__isnull=False)
                | Q(state__in=[MessageState.SENT, MessageState.LAPSED]),
                name="message_has_an_address",
            ),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known"),
            models.CheckConstraint(
                condition=Q(parts=None, cost=None)
                | Q(state=MessageState.SENT, parts__isnull=False, cost__isnull=False),
                name="message_costs_once_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try"], name="message_waiting", condition=Q(state="WAITING")),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"

    def is_lapsed(self, now: datetime) -> bool:
        return self.valid_until is not None and self.valid_until <= now


class ShelvedMessage(models.Model):
    """What the demo and the tests "sent": invented people only, so the words may be read here."""

    key = models.CharField(_("kunci"), max_length=120, unique=True)
    channel = models.CharField(_("saluran"), max_length=8, choices=Channel.choices)
    subject = models.CharField(_("judul"), max_length=200, blank=True)
    body = models.TextField(_("isi"))
    at = models.DateTimeField(_("waktu"), db_default=Now())

    class Meta:
        verbose_name = _("pesan contoh")
        verbose_name_plural = _("pesan contoh")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.key


class SecondFactor(models.Model):
    """The phone that makes an account's codes. Code that reads it: second_factor.py."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor")
    sealed = models.BinaryField()
    since = models.DateTimeField(
        null=True
    )  # when its first code was right; without it the secret is an offer
    last_step = models.BigIntegerField(default=0)  # half minutes since 1970 of the last code that was taken
