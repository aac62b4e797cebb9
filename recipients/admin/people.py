"""Logins: made and given a role by the system admin, who sees no case data and cannot raise the own rights."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bansos.common import account_notices, password_again, second_factor
from bansos.common.admin import OwnPages, ReadOnlyAdmin
from recipients.models import StaffArea
from recipients.roles import LABELS, conflicts, named

admin.site.unregister(User)
admin.site.unregister(Group)


class AreaInline(admin.TabularInline):
    model = StaffArea
    autocomplete_fields = ("region",)
    extra = 0


class StaffUserForm(UserChangeForm):
    """One person does not hold both halves of a duty that two people share."""

    def clean_groups(self) -> Any:
        groups = self.cleaned_data["groups"]
        clashing = conflicts(group.name for group in groups)
        if clashing:
            raise ValidationError([_conflict_in_words(*pair) for pair in clashing])
        return groups


def _conflict_in_words(first: str, second: str) -> str:
    return gettext("%(first)s dan %(second)s tidak boleh dipegang satu orang. Pilih salah satu.") % {
        "first": LABELS[first],
        "second": LABELS[second],
    }


@admin.register(User)
class StaffUserAdmin(OwnPages, UserAdmin):
    """Rights come from roles only: no single permissions, no superusers by the browser."""

    form = StaffUserForm
    list_display = ("username", "first_name", "roles", "second_step", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("username", "first_name", "last_name")
    actions = None
    view_on_site = False
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Orang"), {"fields": ("first_name", "last_name", "email")}),
        (_("Peran"), {"fields": ("is_active", "is_staff", "groups")}),
        (_("Langkah kedua"), {"fields": ("second_step_page",)}),
    )
    readonly_fields = ("second_step_page",)
    filter_horizontal = ()
    inlines = (AreaInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("second_factor").prefetch_related("groups")

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.second_factor_view)
        return [path("<int:pk>/langkah-kedua/", page, name="auth_user_second_factor"), *super().get_urls()]

    @password_again.needed
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Roles, area and address of a colleague."""
        return super().change_view(request, object_id, form_url, extra_context)

    @password_again.needed_first
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """The owner hears of it: whoever sets a password gets in with it."""
        with transaction.atomic():
            answer = super().user_change_password(request, id, form_url)
            if answer.status_code == HTTPStatus.FOUND:
                account = User.objects.get(pk=id)
                self._tell(request, account_notices.PASSWORD_SET, account, account.email)
        return answer

    def _tell(self, request: HttpRequest, notice: str, account: User, mail: str) -> None:
        by: Any = request.user
        account_notices.tell(notice, user=account, mail=mail, by=by, now=timezone.now())

    @password_again.needed
    def second_factor_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where the phone of a colleague is taken off the account: lost, or another one."""
        account = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if request.method == "POST":
            self._forget_phone(request, account)
            return redirect("admin:auth_user_change", pk)
        return self.own_page(
            request,
            "admin/second_factor/forget.html",
            title=_("Langkah kedua"),
            account=account,
            factor=second_factor.of(account),
        )

    def _forget_phone(self, request: HttpRequest, account: User) -> None:
        if second_factor.forget(user=account, by=request.user, now=timezone.now()):  # type: ignore[arg-type]
            self.log_change(request, account, gettext("langkah kedua dihapus"))
            messages.success(request, gettext("Langkah kedua akun ini dihapus."))
        else:
            messages.warning(request, gettext("Akun ini tidak punya langkah kedua."))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            self._tell(request, account_notices.OTHER_MAIL, obj, form.initial["email"])

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.label_from_instance = lambda group: LABELS.get(group.name, group.name)
        return field

    @admin.display(description=_("peran"))
    def roles(self, user: User) -> str:
        return ", ".join(LABELS.get(group.name, group.name) for group in user.groups.all())

    @admin.display(description=_("langkah kedua"), boolean=True)
    def second_step(self, user: User) -> bool:
        return second_factor.of(user) is not None

    @admin.display(description=_("kode dari HP"))
    def second_step_page(self, user: User) -> str:
        if second_factor.of(user) is None:
            return gettext("belum dipasang oleh pemilik akun")
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:auth_user_second_factor", args=[user.pk]),
            gettext("terpasang; hapus kalau HP hilang"),
        )

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Stock admin notes that the roles changed; the auditor asks which were given and which taken."""
        message = super().construct_change_message(request, form, formsets, add)
        moved = _roles_moved(form)
        return [*message, {"changed": {"fields": moved}}] if moved else message

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the own account, and not a superuser's: nobody lifts the own rights."""
        is_off_limits = obj is not None and (obj.pk == request.user.pk or obj.is_superuser)
        return not is_off_limits and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Stock admin takes any column of the user's, the password's hash among them."""
        return lookup in {"is_active__exact", "groups__id__exact", "groups__isnull"}

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404


def _roles_moved(form: Any) -> list[str]:
    before = {group.name for group in form.initial.get("groups") or []}
    after = {group.name for group in form.cleaned_data.get("groups") or []}
    given = [gettext("%s diberikan") % LABELS.get(name, name) for name in sorted(after - before)]
    return given + [gettext("%s dicabut") % LABELS.get(name, name) for name in sorted(before - after)]


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin, GroupAdmin):
    """Roles are written in recipients/roles.py."""

    list_display = ("label",)
    ordering = ("name",)
    search_fields = ()
    fields = readonly_fields = ("label", "permission_list")
    filter_horizontal = ()

    @admin.display(description=_("peran"))
    def label(self, group: Group) -> str:
        return LABELS.get(group.name, group.name)

    @admin.display(description=_("izin"))
    def permission_list(self, group: Group) -> str:
        return ", ".join(group.permissions.order_by("codename").values_list("codename", flat=True))


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Who made a login, gave a role or an area, reset a password: for the auditor."""

    list_display = ("action_time", "by", "action", "content_type", "about", "what")
    list_display_links = None
    list_filter = ("action_flag", ("user", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "content_type")
    fields = readonly_fields = ("action_time", "by", "action", "content_type", "about", "what")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(
            request, {"title": _("Catatan perubahan login"), **(extra_context or {})}
        )

    @admin.display(description=_("oleh"))
    def by(self, entry: LogEntry) -> str:
        return named(entry.user)

    @admin.display(description=_("perbuatan"))
    def action(self, entry: LogEntry) -> str:
        return entry.get_action_flag_display()

    @admin.display(description=_("tentang"))
    def about(self, entry: LogEntry) -> str:
        return entry.object_repr

    @admin.display(description=_("isi"))
    def what(self, entry: LogEntry) -> str:
        return entry.get_change_message()
