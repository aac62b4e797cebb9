"""The weeks in which people are asked to object, counted from when a release is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from objections.clock import Clock
from objections.enums import Step
from recipients.deadlines import left_words
from recipients.models import CurrentRelease, ImportBatch, RegistryRelease


@dataclass(frozen=True)
class Window:
    release: RegistryRelease
    opened_on: date
    closes_on: date
    today: date

    @property
    def sentence(self) -> str:
        told = {"release": self.release.label, "day": date_format(self.closes_on, "j F")}
        if self.today > self.closes_on:
            return (
                _("Masa sanggah rilis %(release)s berakhir %(day)s. Yang datang sesudahnya tetap dibaca.")
                % told
            )
        told["left"] = left_words((self.closes_on - self.today).days)
        return _("Masa sanggah rilis %(release)s sampai %(day)s: %(left)s.") % told

    @property
    def for_citizens(self) -> str:
        """The same without the words of the office: late is read too."""
        day = date_format(self.closes_on, "j F Y")
        if self.today > self.closes_on:
            return _("Masa sanggah sudah lewat pada %s. Sanggahan Anda tetap kami baca.") % day
        return _("Masa sanggah sampai %s. Sesudah itu pun sanggahan Anda tetap kami baca.") % day


def current(today: date) -> Window | None:
    release = CurrentRelease.get()
    if release is None:
        return None
    batches = ImportBatch.objects.filter(release=release, published_at__isnull=False)
    published = batches.order_by("published_at").values_list("published_at", flat=True).first()
    opened = timezone.localdate(published or release.applied_at)
    clock = Clock.load()
    return Window(release, opened, clock.workdays.after(opened, clock.days[Step.OBJECT]), today)
