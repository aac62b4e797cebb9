"""Recordings that pages offer: brought with their words by one person, listened to and approved by another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common.admin import address_of
from bansos.common.uploads import Received
from objections import services
from objections.admin.versions import VersionAdmin
from objections.attachments.refused import FileRefused
from objections.enums import ClipAbout, ClipPage
from objections.models import AudioClip
from objections.played import part_of


class ClipForm(forms.Form):
    about = forms.ChoiceField(
        label=gettext_lazy("Untuk halaman dan bahasa"),
        choices=[("", gettext_lazy("Pilih")), *ClipAbout.choices],
        error_messages={"required": gettext_lazy("Pilih halaman dan bahasanya.")},
    )
    sound = forms.Field(
        label=gettext_lazy("Rekaman"),
        help_text=gettext_lazy(
            "M4A atau WebM, paling besar 500 KB, sekitar 20 detik. Suara orang, bukan mesin."
        ),
        widget=forms.FileInput(attrs={"accept": "audio/mp4,audio/x-m4a,audio/webm,.m4a,.webm"}),
        required=False,
    )
    transcript = forms.CharField(
        label=gettext_lazy("Kata-kata yang diucapkan"),
        help_text=gettext_lazy("Persis seperti di rekaman, dalam bahasa rekaman itu."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=AudioClip.LONGEST,
        required=False,
    )
    is_off = forms.BooleanField(
        label=gettext_lazy("Turunkan rekaman yang sekarang, tanpa pengganti"), required=False
    )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("is_off") and (told.get("transcript") or self.files.get("sound")):
            raise ValidationError(_("Pilih satu: turunkan rekaman, atau ganti dengan yang baru."))
        return told


@admin.register(AudioClip)
class AudioClipAdmin(VersionAdmin):
    change_list_template = "objections/clips.html"
    change_template = "objections/clip.html"
    list_display = ("title", "version", "stage", "written_by", "settled_by")
    list_filter = ("about", "state")

    @admin.display(description=gettext_lazy("untuk"))
    def title(self, clip: AudioClip) -> str:
        url = address_of("admin:objections_audioclip_change", clip.pk)
        return format_html('<a href="{}">{}</a>', url, capfirst(clip.get_about_display()))

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("sound")

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("tulis/", wrap(self.write_view), name=self.page_name("write")),
            path("<int:pk>/suara/", wrap(self.sound_view), name=self.page_name("sound")),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_write = request.user.has_perm(AudioClip.permission("add"))
        return super().changelist_view(request, {"may_write": may_write, **(extra_context or {})})

    def sound_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        clip = self.version_of(request, pk)
        if not clip.media_type:
            raise Http404
        return part_of(clip, request)

    def write_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(AudioClip.permission("add")):
            raise PermissionDenied
        form = ClipForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                made = _written(form.cleaned_data, request.FILES.get("sound"), request.user)
            except FileRefused as refused:
                form.add_error("sound", str(refused))
            except services.MoveRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Disimpan dan menunggu persetujuan orang kedua."))
                return redirect("admin:objections_audioclip_change", made.pk)
        scripts = [(ClipAbout(f"{page}_ID").label, page.label) for page in ClipPage]
        return self.own_page(
            request, "objections/clip_form.html", title=_("Usulkan rekaman"), form=form, scripts=scripts
        )


def _written(told: dict[str, Any], file: Any, by: Any) -> AudioClip:
    about, now = ClipAbout(told["about"]), timezone.now()
    if told["is_off"]:
        return services.take_clip_off(about=about, by=by, now=now)
    if not isinstance(file, Received) or file.is_too_big:
        raise FileRefused(_("Pilih satu rekaman, paling besar 500 KB."))
    return services.write_clip(about=about, data=file.data, transcript=told["transcript"], by=by, now=now)
