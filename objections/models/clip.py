"""Recordings for who would rather listen, spoken by people and never by a machine (ux.md 5.1, 5.9). None comes with
the portal: a page offers what two people of the office have settled.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from objections.enums import ClipAbout, ClipPage, Draft
from objections.models.versions import Version, VersionQuerySet


class AudioClipQuerySet(VersionQuerySet["AudioClip"]):
    def in_force(self) -> Self:
        """The newest approved version of each; one without a sound says that there is none any more."""
        newest = self.model._default_manager.filter(state=Draft.APPROVED).order_by("about", "-version")
        return self.filter(pk__in=newest.distinct("about").values("pk")).exclude(media_type="")

    def on_page(self, page: ClipPage) -> Self:
        return self.in_force().filter(about__in=ClipAbout.of_page(page)).defer("sound").order_by("about")


class AudioClip(Version):
    """One recording of one page in one language, with its words. Nobody's data: it stands in a plain column."""

    ABOUT = "about"
    LARGEST = 500_000  # bytes: a minute by a phone's recorder; the page loads it when it is played
    LONGEST = 600

    about = models.CharField(_("untuk"), max_length=11, choices=ClipAbout.choices)
    transcript = notes.LongNoteField(_("kata-katanya"), max_length=LONGEST, blank=True)
    sound = models.BinaryField(blank=True)
    media_type = models.CharField(max_length=12, blank=True)

    objects = AudioClipQuerySet.as_manager()

    class Meta:
        verbose_name = _("rekaman suara")
        verbose_name_plural = _("rekaman suara")
        ordering = ["about", "-version"]
        permissions = [("approve_audioclip", "May approve a recording that somebody else brought")]
        constraints = [
            models.UniqueConstraint(fields=["about", "version"], name="audio_clip_version_once"),
            models.UniqueConstraint(
                fields=["about"], condition=Q(state=Draft.WAITING), name="audio_clip_one_draft_a_place"
            ),
            models.CheckConstraint(condition=Q(about__in=ClipAbout.values), name="audio_clip_about_known"),
            models.CheckConstraint(
                condition=Q(media_type="", sound=b"", transcript="")
                | ~Q(media_type="") & ~Q(sound=b"") & ~Q(transcript=""),
                name="audio_clip_has_sound_and_words",
            ),
            models.CheckConstraint(
                condition=~Q(state=Draft.APPROVED)
                | Q(settled_by__isnull=False) & ~Q(settled_by=F("written_by")),
                name="audio_clip_approved_by_another",
            ),
        ]

    @property
    def language(self) -> str:
        """As HTML names it."""
        return "sas" if ClipAbout(self.about).is_sasak else "id"
