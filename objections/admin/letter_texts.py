"""The office's letters as versions: read with a sample, written anew, approved by a second person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common.admin import address_of
from objections import services
from objections.admin import papers
from objections.admin.versions import VersionAdmin
from objections.enums import Draft
from objections.models import LetterTemplate
from objections.paper import sheets, text, values
from objections.paper.names import ALLOWED, NAMES


class TextForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Judul surat"), max_length=90)
    body = forms.CharField(
        label=gettext_lazy("Isi surat"),
        widget=forms.Textarea(attrs={"rows": 22}),
        max_length=LetterTemplate.LONGEST,
    )


@admin.register(LetterTemplate)
class LetterTemplateAdmin(VersionAdmin):
    change_template = "objections/letter_text.html"
    list_display = ("name", "version", "title", "stage", "written_by", "settled_by")
    list_filter = ("kind", "state")

    @admin.display(description=gettext_lazy("jenis surat"))
    def name(self, template: LetterTemplate) -> str:
        url = address_of("admin:objections_lettertemplate_change", template.pk)
        return format_html('<a href="{}">{}</a>', url, template.get_kind_display())

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/tulis/", wrap(self.write_view), name=self.page_name("write")),
            path("<int:pk>/contoh/", wrap(self.sample_view), name=self.page_name("sample")),
            *super().get_urls(),
        ]

    def beside(self, version: LetterTemplate) -> dict[str, Any]:
        return {"before": _version_before(version), "letter": _sample(version)}

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new version, begun from this one."""
        template = self.version_of(request, pk)
        if not request.user.has_perm(LetterTemplate.permission("add")):
            raise PermissionDenied
        form = TextForm(request.POST or None, initial={"title": template.title, "body": template.body})
        if request.method == "POST" and form.is_valid():
            made = self._written(request, template, form)
            if made is not None:
                messages.success(request, _("Teks disimpan dan menunggu persetujuan orang kedua."))
                return redirect("admin:objections_lettertemplate_change", made.pk)
        allowed = ALLOWED[template.kind]
        names = [
            {"name": f"{{{name}}}", "says": NAMES[name].says, "is_needed": name in allowed.needed,
             "stands_alone": NAMES[name].stands_alone}
            for name in sorted(allowed.known)
        ]  # fmt: skip
        return self.own_page(
            request,
            "objections/letter_text_form.html",
            title=_("Tulis versi baru: %s") % template.get_kind_display(),
            version=template,
            form=form,
            names=names,
        )

    def _written(
        self, request: HttpRequest, template: LetterTemplate, form: TextForm
    ) -> LetterTemplate | None:
        told = form.cleaned_data
        try:
            return services.write_text(
                kind=template.kind,
                title=told["title"],
                body=told["body"],
                by=request.user,
                now=timezone.now(),
            )
        except text.TextRefused as refused:
            for problem in refused.problems:
                form.add_error("body", problem)
        except services.MoveRefused as refused:
            form.add_error(None, str(refused))
        return None

    def sample_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        template = self.version_of(request, pk)
        name = f"contoh-{template.kind.lower()}-{template.version}.pdf"
        return papers.answer(sheets.pdf([_sample(template)]), name)


def _version_before(template: LetterTemplate) -> LetterTemplate | None:
    return LetterTemplate.objects.filter(
        kind=template.kind, version__lt=template.version, state=Draft.APPROVED
    ).first()


def _sample(template: LetterTemplate) -> sheets.Page:
    today = timezone.localdate()
    filled = text.fill(template.body, values.of_sample(today))
    address = [_("Bapak/Ibu AMAQ CONTOH"), _("Dusun Contoh"), _("Desa Contoh")]
    return sheets.Page(template.title, text.blocks(filled), str(template), values.day(today), address)
