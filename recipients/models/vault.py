"""Where card numbers and NIKs stand: ciphertext beside a keyed blind index, apart from everything else."""

from __future__ import annotations

from django.db import models

from bansos.common import ids, vault


class SealedNumber(models.Model):
    KIND: bytes
    sealed = models.BinaryField()
    index = models.BinaryField(max_length=vault.INDEX_BYTES, unique=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.masked()

    def reveal(self) -> str:
        """The full number. Call it only where the access was logged first."""
        return vault.decrypt(self.KIND, self.sealed, self.index)

    def masked(self) -> str:
        return ids.mask(self.reveal())


class FamilyCardNumber(SealedNumber):
    KIND = vault.CARD_NO
    family = models.OneToOneField(
        "recipients.Family", models.PROTECT, db_constraint=False, primary_key=True, related_name="card"
    )


class PersonNik(SealedNumber):
    KIND = vault.NIK
    person = models.OneToOneField(
        "recipients.Person", models.PROTECT, db_constraint=False, primary_key=True, related_name="nik"
    )
