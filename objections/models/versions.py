"""What the office writes for itself stands in versions: one person writes it, another settles it, none is rewritten."""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from objections.enums import Draft

V = TypeVar("V", bound="Version")


class VersionQuerySet(models.QuerySet[V]):
    def approved(self, about: str) -> Self:
        """The approved versions of one thing, the one in force first."""
        return self.filter(**{self.model.ABOUT: about}, state=Draft.APPROVED).order_by("-version")

    def with_newest(self) -> Self:
        """Beside each version the number of the one in force."""
        same = {self.model.ABOUT: OuterRef(self.model.ABOUT)}
        approved = self.model._default_manager.filter(**same, state=Draft.APPROVED).order_by("-version")
        return self.annotate(newest=Subquery(approved.values("version")[:1]))


class Version(models.Model):
    ABOUT: ClassVar[str]  # the field that says of what it is a version; each has one draft at a time

    version = models.PositiveSmallIntegerField(_("versi"))
    state = models.CharField(_("keadaan"), max_length=9, choices=Draft.choices, default=Draft.WAITING)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ditulis oleh")
    )
    written_at = models.DateTimeField(_("ditulis"), db_default=Now())
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diputus oleh")
    )
    settled_at = models.DateTimeField(_("diputus"), null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        what = getattr(self, f"get_{self.ABOUT}_display")()
        return gettext("%(what)s, versi %(version)d") % {"what": what, "version": self.version}

    @classmethod
    def permission(cls, verb: str) -> str:
        """`add` writes one, `approve` settles what somebody else wrote."""
        return f"{cls._meta.app_label}.{get_permission_codename(verb, cls._meta)}"

    @property
    def is_in_force(self) -> bool:
        """Of rows that were read `with_newest`."""
        return self.state == Draft.APPROVED and self.version == self.newest  # type: ignore[attr-defined,no-any-return]
