"""The pages that print letters: notices of a village in parts or of one family, and warnings before a cut."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common import password_again
from bansos.common.admin import keys_of
from objections import letters, warning_letters
from objections.admin import papers
from objections.paper import sheets
from recipients.models import Family, Region
from recipients.roles import PRINT_LETTER

MOST_MARKED = 2000  # findings of the letters of one print


class LettersForm(forms.Form):
    village = forms.ModelChoiceField(
        Region.objects.none(), label=gettext_lazy("Desa/kelurahan"), empty_label=gettext_lazy("Pilih desa")
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Keluarga"),
        choices=[
            ("crossed", gettext_lazy("Yang melewati batas program di rilis ini")),
            ("all", gettext_lazy("Semua keluarga di desa ini")),
            ("head", gettext_lazy("Hanya surat untuk kepala desa (PDF, angka saja)")),
        ],
        widget=forms.RadioSelect,
        initial="crossed",
    )
    part = forms.IntegerField(
        label=gettext_lazy("Bagian"), initial=1, min_value=1, max_value=9999, required=False
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = Region.objects.visible_to(user).villages().select_related("parent")
        self.fields["village"].queryset = villages.order_by("parent__name", "name")  # type: ignore[attr-defined]
        self.fields["village"].label_from_instance = (  # type: ignore[attr-defined]
            lambda village: f"{village.name}, {village.parent.name}"
        )


class LetterPages:
    """Mixed into the admin of cases, which has `own_page` and the site."""

    admin_site: Any
    own_page: Any

    def letter_urls(self) -> list[Any]:
        return [
            path("surat/", self.admin_site.admin_view(self.letters_view), name="objections_letters"),
            path(
                "surat/keluarga/<int:family_id>/",
                self.admin_site.admin_view(self.family_letter_view),
                name="objections_familyletter",
            ),
            path(
                "surat/peringatan/<int:village_id>/",
                self.admin_site.admin_view(require_POST(self.warnings_view)),
                name="objections_warnings",
            ),
            path(
                "surat/peringatan/tercetak/",
                self.admin_site.admin_view(require_POST(self.printed_view)),
                name="objections_warnings_printed",
            ),
        ]

    @password_again.needed
    def letters_view(self, request: HttpRequest) -> HttpResponse:
        """Choose a village; printing is a POST because it makes codes."""
        self._may_print(request)
        form = LettersForm(request.POST or None, user=request.user)
        if request.method != "POST" or not form.is_valid():
            return self.own_page(
                request,
                "objections/letters.html",
                title=_("Cetak surat pemberitahuan"),
                form=form,
                to_warn=warning_letters.villages_to_warn(request.user, today=timezone.localdate()),
            )
        village = form.cleaned_data["village"]
        if form.cleaned_data["which"] == "head":
            page = letters.to_village_head(village=village, today=timezone.localdate())
            return papers.answer(sheets.pdf([page]), f"surat-kepala-desa-{village.code}.pdf")
        families = Family.objects.visible_to(request.user).filter(village=village)
        if form.cleaned_data["which"] == "crossed":
            families = letters.with_crossed_ceiling(families)
        printed = letters.print_village(
            families=families,
            village=village,
            part=form.cleaned_data["part"] or 1,
            by=request.user,
            today=timezone.localdate(),
        )
        return self._letter(request, printed)

    @password_again.needed
    def family_letter_view(self, request: HttpRequest, family_id: int) -> HttpResponse:
        self._may_print(request)
        family = get_object_or_404(Family.objects.visible_to(request.user), pk=family_id)
        if request.method != "POST":
            return self.own_page(
                request, "objections/letter_family.html", title=_("Cetak surat pemberitahuan"), family=family
            )
        return self._letter(
            request, letters.print_family(family=family, by=request.user, today=timezone.localdate())
        )

    @password_again.needed
    def warnings_view(self, request: HttpRequest, village_id: int) -> HttpResponse:
        """Prints make codes and start the window to object, so they are asked for by POST."""
        self._may_print(request)
        village = get_object_or_404(Region.objects.visible_to(request.user).villages(), pk=village_id)
        printed = warning_letters.print_warnings(village=village, by=request.user, today=timezone.localdate())
        context = {
            "printed": printed,
            "today": timezone.localdate(),
            "back": reverse("admin:objections_letters"),
        }
        return TemplateResponse(request, "objections/warning.html", context)

    def printed_view(self, request: HttpRequest) -> HttpResponse:
        self._may_print(request)
        keys = keys_of(request.POST.getlist("finding")[:MOST_MARKED])
        done = warning_letters.mark_printed(finding_ids=keys, by=request.user)
        if done:
            messages.success(request, _("Dicatat: %d surat peringatan sudah dicetak.") % done)
        else:
            messages.warning(request, _("Surat ini sudah dicatat sebelumnya, atau usulannya sudah berubah."))
        return redirect("admin:objections_letters")

    def _may_print(self, request: HttpRequest) -> None:
        if not request.user.has_perm(PRINT_LETTER):
            raise PermissionDenied(PRINT_LETTER)

    def _letter(self, request: HttpRequest, printed: letters.Print) -> HttpResponse:
        context = {
            "printed": printed,
            "today": timezone.localdate(),
            "back": reverse("admin:objections_letters"),
        }
        return TemplateResponse(request, "objections/letter.html", context)
