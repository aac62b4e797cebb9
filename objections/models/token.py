"""What the QR of a receipt carries."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import vault
from objections.models.objection import Objection


class CaseToken(models.Model):
    """Opens its case and no more, like number and PIN, until it is revoked."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="tokens")
    token_index = models.BinaryField(max_length=vault.INDEX_BYTES, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("kode QR")
        verbose_name_plural = _("kode QR")

    def __str__(self) -> str:
        return str(self.pk)
