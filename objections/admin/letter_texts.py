"""The office's letters as versions: read with a sample, written anew, approved by a second person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import ReadOnlyAdmin, address_of
from objections import services
from objections.admin import papers
from objections.enums import Draft
from objections.models import LetterTemplate
from objections.paper import sheets, text, values
from objections.paper.names import ALLOWED, NAMES
from recipients.roles import APPROVE_LETTER_TEXT, WRITE_LETTER_TEXT


class TextForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Judul surat"), max_length=90)
    body = forms.CharField(
        label=gettext_lazy("Isi surat"),
        widget=forms.Textarea(attrs={"rows": 22}),
        max_length=LetterTemplate.LONGEST,
    )


@admin.register(LetterTemplate)
class LetterTemplateAdmin(ReadOnlyAdmin):
    list_display = ("name", "version", "title", "stage", "written_by", "settled_by")
    list_display_links = None
    list_filter = ("kind", "state")
    list_select_related = ("written_by", "settled_by")

    class Media:
        css = {"all": ["css/case.css"]}

    @admin.display(description=gettext_lazy("jenis surat"))
    def name(self, template: LetterTemplate) -> str:
        url = address_of("admin:objections_lettertemplate_change", template.pk)
        return format_html('<a href="{}">{}</a>', url, template.get_kind_display())

    @admin.display(description=gettext_lazy("keadaan"))
    def stage(self, template: LetterTemplate) -> str:
        return _("berlaku") if _is_in_force(template) else template.get_state_display()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_newest()

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        name = "objections_lettertemplate"
        return [
            path("<int:pk>/tulis/", wrap(self.write_view), name=f"{name}_write"),
            path("<int:pk>/putuskan/", wrap(require_POST(self.settle_view)), name=f"{name}_settle"),
            path("<int:pk>/contoh/", wrap(self.sample_view), name=f"{name}_sample"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not object_id.isdecimal():
            raise Http404
        template = self._template(request, int(object_id))
        is_waiting = template.state == Draft.WAITING
        is_writer = template.written_by_id == request.user.pk
        may_approve = is_waiting and request.user.has_perm(APPROVE_LETTER_TEXT)
        return self._page(
            request,
            "objections/letter_text.html",
            title=capfirst(str(template)),
            template=template,
            is_in_force=_is_in_force(template),
            before=_version_before(template),
            letter=_sample(template),
            may_approve=may_approve and not is_writer,
            may_withdraw=may_approve or (is_waiting and is_writer),
            may_write=request.user.has_perm(WRITE_LETTER_TEXT),
        )

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new version, begun from this one."""
        template = self._template(request, pk)
        if not request.user.has_perm(WRITE_LETTER_TEXT):
            raise PermissionDenied(WRITE_LETTER_TEXT)
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
        return self._page(
            request,
            "objections/letter_text_form.html",
            title=_("Tulis versi baru: %s") % template.get_kind_display(),
            template=template,
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

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        template = self._template(request, pk)
        verbs = {"setuju": services.approve_text, "batal": services.withdraw_text}
        verb = verbs.get(request.POST.get("langkah", "setuju"), services.approve_text)
        try:
            verb(template=template, by=request.user, now=timezone.now())
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Teks surat: %s.") % template.get_state_display())
        return redirect("admin:objections_lettertemplate_change", pk)

    def sample_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        template = self._template(request, pk)
        name = f"contoh-{template.kind.lower()}-{template.version}.pdf"
        return papers.answer(sheets.pdf([_sample(template)]), name)

    def _template(self, request: HttpRequest, pk: int) -> LetterTemplate:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = LetterTemplate.objects.with_newest().select_related("written_by", "settled_by")
        return get_object_or_404(rows, pk=pk)

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        context |= self.admin_site.each_context(request) | {"opts": self.opts, "title": context["title"]}
        return TemplateResponse(request, name, context)


def _is_in_force(template: LetterTemplate) -> bool:
    return template.state == Draft.APPROVED and template.version == template.newest  # type: ignore[attr-defined]


def _version_before(template: LetterTemplate) -> LetterTemplate | None:
    return LetterTemplate.objects.filter(
        kind=template.kind, version__lt=template.version, state=Draft.APPROVED
    ).first()


def _sample(template: LetterTemplate) -> sheets.Page:
    today = timezone.localdate()
    filled = text.fill(template.body, values.of_sample(today))
    address = [_("Bapak/Ibu AMAQ CONTOH"), _("Dusun Contoh"), _("Desa Contoh")]
    return sheets.Page(template.title, text.blocks(filled), str(template), values.day(today), address)
