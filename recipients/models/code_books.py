"""What the numbers of a source stand for: a book is never changed, only followed by its next version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

OURS = "DTSEN-1"  # the book that rules, screens and comparisons speak
REGSOSEK = "REGSOSEK-2022"
Changes = dict[str, dict[str, str]]  # field -> number as written -> our number


class CodeBook(models.Model):
    """A book that the office wrote down. Those known from the start stand in importing/codebooks.py."""

    source = models.CharField(_("sumber"), max_length=16)
    version = models.PositiveSmallIntegerField(_("versi"))
    to_ours: models.JSONField[Changes, Changes] = models.JSONField(_("yang berbeda"), default=dict)
    basis = models.CharField(_("dasar"), max_length=160)
    made_at = models.DateTimeField(_("dibuat"), db_default=Now())
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dibuat oleh")
    )

    class Meta:
        verbose_name = _("buku kode")
        verbose_name_plural = _("buku kode")
        ordering = ["source", "version"]
        constraints = [
            models.UniqueConstraint(fields=["source", "version"], name="code_book_version_once"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """As deliveries and families name it."""
        return f"{self.source}-{self.version}"
