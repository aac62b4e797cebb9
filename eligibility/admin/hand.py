"""Keputusan daerah: asked for on the family page, approved or ended by a second person, listed for all to read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import AreaAdmin, Panel
from eligibility import services
from eligibility.models import HandDecision, HandState
from recipients import references
from recipients.enums import Unit
from recipients.family_page import head_name_of
from recipients.models import Family, FamilyMembership, Person, Programme
from recipients.roles import APPROVE_BY_HAND, ASK_BY_HAND, named


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"])


class HandForm(forms.Form):
    """What the minutes of the deliberation say; `subject` is a programme, with a member where it is for persons."""

    subject = forms.ChoiceField(label=gettext_lazy("Program"))
    verdict = forms.ChoiceField(
        label=gettext_lazy("Keputusan"), choices=[(one.value, one.label) for one in HandDecision.VERDICTS]
    )
    starts_on = _day(gettext_lazy("Berlaku sejak"))
    ends_on = _day(gettext_lazy("Berlaku sampai, paling lama satu tahun"))
    minutes_no = forms.CharField(label=gettext_lazy("Nomor berita acara musyawarah desa"), max_length=80)
    minutes_on = _day(gettext_lazy("Tanggal berita acara"))
    reference = forms.RegexField(r"\Amusdes:[0-9]{1,9}\Z", required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Alasan"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, family: Family, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = _subjects(family)  # type: ignore[attr-defined]

    def subject_of(self) -> tuple[Programme, Person | None]:
        programme_id, _sign, person_id = self.cleaned_data["subject"].partition(":")
        person = Person.objects.get(pk=person_id) if person_id else None
        return Programme.objects.get(pk=programme_id), person


def _subjects(family: Family) -> list[tuple[str, str]]:
    """The programmes that may be decided by hand today, with the members where they are for persons."""
    programmes = services.open_to_hand(timezone.localdate())
    members: list[tuple[int, str]] = []
    if any(programme.unit == Unit.PERSON for programme in programmes):
        standing = FamilyMembership.objects.standing().filter(family=family)
        members = list(standing.values_list("person", "name"))
    found = []
    for programme in programmes:
        if programme.unit == Unit.FAMILY:
            found.append((str(programme.pk), programme.name))
        else:
            found += [(f"{programme.pk}:{person}", f"{programme.name}: {name}") for person, name in members]
    return found


@admin.register(HandDecision)
class HandDecisionAdmin(AreaAdmin):
    change_list_template = "admin/eligibility/handdecision/list.html"
    list_display = ("family_link", "programme", "verdict", "starts_on", "ends_on", "state")
    list_display_links = None
    list_filter = ("programme", "state")
    list_select_related = ("programme", "family")
    fields = readonly_fields = (
        "programme", "family_link", "verdict", "starts_on", "ends_on", "minutes_no", "minutes_on", "reason",
        "stands_on", "state", "asked", "settled", "settled_note", "ended_on", "ended_note",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(head=head_name_of("family"))

    @admin.display(description=gettext_lazy("keluarga"))
    def family_link(self, decision: Any) -> str:
        address = reverse("admin:recipients_family_change", args=[decision.family_id])
        return format_html('<a href="{}">{}</a>', address, decision.head or decision.family)

    @admin.display(description=gettext_lazy("rujukan"))
    def stands_on(self, decision: Any) -> str:
        cause = decision.cause
        return format_html('<a href="{}">{}</a>', cause.url, cause.words) if cause.url else cause.words

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        decision: Any = super().get_object(request, object_id, from_field)
        if decision is not None:
            told = references.causes([decision.reference], reader=request.user)
            decision.cause = told[decision.reference]
        return decision

    @admin.display(description=gettext_lazy("diusulkan oleh"))
    def asked(self, decision: HandDecision) -> str:
        return named(decision.proposed_by)

    @admin.display(description=gettext_lazy("diputus oleh"))
    def settled(self, decision: HandDecision) -> str:
        return named(decision.settled_by) if decision.settled_by else ""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("usulkan/", wrap(require_POST(self.ask_view)), name="eligibility_handdecision_ask"),
            path(
                "<int:pk>/putus/",
                wrap(require_POST(self.settle_view)),
                name="eligibility_handdecision_settle",
            ),
            *super().get_urls(),
        ]

    def ask_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(ASK_BY_HAND):
            raise PermissionDenied
        typed = request.POST.get("family", "")
        families = Family.objects.visible_to(request.user)
        is_number = typed.isascii() and typed.isdecimal() and len(typed) <= 18
        family = families.filter(pk=int(typed)).first() if is_number else None
        if family is None:
            messages.error(request, _("Buka halaman keluarganya dulu, lalu isi usulan di sana."))
            return redirect("admin:eligibility_handdecision_changelist")
        form = HandForm(family, request.POST)
        if form.is_valid():
            self._ask(request, family, form)
        else:
            told = "; ".join(f"{form[name].label}: {errors[0]}" for name, errors in form.errors.items())
            messages.error(request, _("Usulan belum disimpan. %s") % told)
        return redirect("admin:recipients_family_change", family.pk)

    def _ask(self, request: HttpRequest, family: Family, form: HandForm) -> None:
        programme, person = form.subject_of()
        names = ("verdict", "starts_on", "ends_on", "minutes_no", "minutes_on", "reason", "reference")
        try:
            services.decide_by_hand(
                **{name: form.cleaned_data[name] for name in names},
                programme=programme,
                family=family,
                person=person,
                by=request.user,  # type: ignore[arg-type]
                today=timezone.localdate(),
            )
        except services.HandRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Usulan dicatat. Orang lain menyetujuinya sebelum berlaku."))

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve, refuse or end, by the button that was pressed."""
        if not request.user.has_perm(APPROVE_BY_HAND):
            raise PermissionDenied
        decision = get_object_or_404(
            HandDecision.objects.visible_to(request.user).select_related("programme"), pk=pk
        )
        note, step = request.POST.get("note", "").replace("\x00", ""), request.POST.get("step")
        by: Any = request.user
        try:
            if step == "approve":
                services.approve_hand_decision(decision=decision, by=by, now=timezone.now(), note=note)
            elif step == "end":
                today = timezone.localdate()
                on = max(today, decision.starts_on)
                services.end_hand_decision(decision=decision, on=on, by=by, today=today, note=note)
            else:
                services.refuse_hand_decision(decision=decision, by=by, now=timezone.now(), note=note)
        except services.HandRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:recipients_family_change", decision.family_id)


def hand_panel(request: HttpRequest, family: Any) -> Panel | None:
    """What was decided by hand for the family, and the form to ask for it."""
    user: Any = request.user
    if not user.has_perm("eligibility.view_handdecision"):
        return None
    rows = HandDecision.objects.filter(family=family).select_related(
        "programme", "proposed_by", "settled_by", "ended_by"
    )
    form = HandForm(family, initial=request.GET.dict()) if user.has_perm(ASK_BY_HAND) else None
    can_ask = form is not None and bool(form.fields["subject"].choices)  # type: ignore[attr-defined]
    shown = list(rows[:50])
    causes = references.causes([row.reference for row in shown], reader=user)
    entries = [_entry(row, user, causes[row.reference]) for row in shown]
    if not entries and not can_ask:
        return None
    context = {"entries": entries, "form": form if can_ask else None, "family": family}
    return Panel(_("Keputusan daerah"), "admin/eligibility/hand_panel.html", context)


def _entry(row: HandDecision, user: Any, cause: references.Cause) -> dict[str, Any]:
    may_settle = user.has_perm(APPROVE_BY_HAND)
    return {
        "row": row,
        "cause": cause,
        "asked_by": named(row.proposed_by),
        "settled_by": named(row.settled_by) if row.settled_by else "",
        "may_settle": may_settle and row.state == HandState.PROPOSED and row.proposed_by_id != user.pk,
        "may_end": may_settle and row.state == HandState.APPROVED and row.ends_on >= timezone.localdate(),
    }


admin.site.add_family_panel(hand_panel, order=20)  # type: ignore[attr-defined]
