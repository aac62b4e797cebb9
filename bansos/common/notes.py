"""Columns for what people type beside a decision: a NIK or card number that slips in is masked before it is a row.

Reasons are kept for ever and read by many; the vault would be worth little if its numbers stood in the remarks. The
database knows these as plain text columns, so migrations do not speak of them. A NUL, which no column takes, is left
out.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from bansos.common import ids


class _Masking:
    """`pre_save` for rows that are saved, so that the object in memory reads as the row; the other for update()."""

    attname: str

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = _masked(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        return _masked(super().get_prep_value(value))  # type: ignore[misc]

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        plain = next(base for base in type(self).__mro__ if base.__module__.startswith("django."))
        return name, f"django.db.models.{plain.__name__}", args, kwargs


class NoteField(_Masking, models.CharField):  # type: ignore[type-arg]
    pass


class LongNoteField(_Masking, models.TextField):  # type: ignore[type-arg]
    pass


def _masked(value: Any) -> Any:
    return ids.scrub(value.replace("\x00", "")) if isinstance(value, str) else value
