"""The outbox for whoever keeps the system going: what waits, what did not go out and why. No words, no addresses."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common import outbox
from bansos.common.admin import ReadOnlyAdmin
from bansos.common.models import Message, MessageState, ShelvedMessage
from recipients.admin import message_costs
from recipients.roles import RESEND


class TemplateFilter(admin.SimpleListFilter):
    title = gettext_lazy("jenis")
    parameter_name = "jenis"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return sorted(outbox.titles().items(), key=lambda one: str(one[1]))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(template=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("posted_at", "what", "channel", "recipient", "stage", "attempts", "error")
    list_filter = ("state", "channel", TemplateFilter)
    list_select_related = ("user",)
    fields = readonly_fields = (
        "what", "channel", "recipient", "stage", "posted_at", "attempts", "next_try", "valid_until", "finished_at",
        "error", "parts", "cost",
    )  # fmt: skip
    change_list_template = "admin/common/message/list.html"
    change_form_template = "admin/common/message/page.html"

    @admin.display(description=gettext_lazy("jenis"))
    def what(self, message: Message) -> str:
        return outbox.title_of(message.template)

    @admin.display(description=gettext_lazy("kepada"))
    def recipient(self, message: Message) -> str:
        return outbox.masked_recipient(message)

    @admin.display(description=gettext_lazy("keadaan"))
    def stage(self, message: Message) -> str:
        tone = "done" if message.state == MessageState.SENT else message.state.lower()
        return format_html('<span class="mark {}">{}</span>', tone, message.get_state_display())

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.resend_view))
        own = [path("<int:pk>/kirim-lagi/", view, name="common_message_resend")]
        return [*own, *message_costs.urls(self.admin_site), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        message = kwargs.get("obj")
        may = request.user.has_perm(RESEND) and message is not None and message.state == MessageState.DEAD
        may = may and not message.is_lapsed(timezone.now())
        return super().render_change_form(request, {**context, "may_resend": may}, *args, **kwargs)

    def resend_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(RESEND):
            raise PermissionDenied
        message = get_object_or_404(Message, pk=pk)
        if outbox.resend(message=message, now=timezone.now()):
            messages.success(request, _("Pesan dikirim lagi."))
        else:
            messages.error(request, _("Pesan ini tidak sedang berhenti. Muat ulang halaman."))
        return redirect("admin:common_message_change", pk)


@admin.register(ShelvedMessage)
class ShelvedMessageAdmin(ReadOnlyAdmin):
    """Demo only: what would have gone out, with its words."""

    list_display = ("at", "channel", "subject", "body")
    list_filter = ("channel",)
    fields = readonly_fields = ("at", "channel", "subject", "body", "key")
