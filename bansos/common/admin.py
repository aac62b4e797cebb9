"""Admin classes that show a person their own area and nothing else, by every door of the stock admin.

Stock admin leaks in more places than its lists: foreign keys, autocompletes, look-ups and orderings in the address,
histories (docs of OWASP ASVS 8.2; CVE-2014-0483). Every admin of registry rows derives from one of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.text import capfirst

MOST_PAGES = 200


class CappedPaginator(Paginator):
    """The count is exact; leafing ends. Who needs more narrows the filters or exports, which is logged."""

    @cached_property
    def num_pages(self) -> int:
        return min(super().num_pages, MOST_PAGES)


class BoundedPaginator(CappedPaginator):
    """For tables of millions: counted as far as one may leaf, and told as "more than" beyond."""

    @cached_property
    def most(self) -> int:
        return MOST_PAGES * self.per_page

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.most + 1].count()  # type: ignore[union-attr,no-any-return]

    @property
    def is_beyond(self) -> bool:
        return self.count > self.most


class StrictChangeList(ChangeList):
    def get_ordering_field(self, field_name: Any) -> Any:
        """Only declared columns sort: an order over a hidden value is a way to read it."""
        allowed = self.model_admin.sortable_by or ()
        return super().get_ordering_field(field_name) if field_name in allowed else None


class OwnPages:
    """For an admin with pages of ours beside the stock ones."""

    admin_site: Any
    opts: Any

    def own_page(
        self, request: HttpRequest, template: str, *, status: int = 200, **context: Any
    ) -> TemplateResponse:
        """A page of ours within the staff's site. Its address goes through `admin_view`: no cache keeps it."""
        request.current_app = self.admin_site.name
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, whole, status=status)


class ReadOnlyAdmin(OwnPages, admin.ModelAdmin):
    """Rows that people look at and nobody edits here."""

    actions = None
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by: Any = ()
    view_on_site = False
    allowed_lookups: tuple[str, ...] = ()

    @property
    def media(self) -> forms.Media:
        """A page that only shows needs no script: the stock ones weigh 270 KB."""
        return forms.Media()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StrictChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list is called what it lists, not "choose one to view"."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        title = capfirst(self.opts.verbose_name)
        return super().changeform_view(
            request, object_id, form_url, {"title": title, **(extra_context or {})}
        )

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """An allow-list: the parameters of the declared filters, and what the class names itself."""
        return lookup in self.allowed_lookups or lookup in self._filter_parameters(request)

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        return to_field == self.opts.pk.name

    def _filter_parameters(self, request: HttpRequest | None) -> set[str]:
        names: set[str] = set()
        for item in self.get_list_filter(request) if request else self.list_filter:
            if isinstance(item, type) and issubclass(item, admin.SimpleListFilter):
                names.add(str(item.parameter_name))
            else:
                field = item[0] if isinstance(item, tuple | list) else item
                names |= {field, f"{field}__exact", f"{field}__id__exact", f"{field}__isnull"}
        return names

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Outside the area and unknown look alike."""
        raise Http404


class AreaAdmin(ReadOnlyAdmin):
    """Rows that belong to a village; the model's QuerySet has `visible_to(user)`."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return scoped(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self._choices(db_field, request, kwargs.get("queryset"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self._choices(db_field, request, kwargs.get("queryset"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _choices(self, db_field: Any, request: HttpRequest, queryset: Any) -> Any:
        """What a choice offers is also what it accepts: a forged key from outside does not validate."""
        rows = queryset if queryset is not None else db_field.remote_field.model._default_manager.all()
        return scoped(rows, request.user)


def scoped(queryset: models.QuerySet[Any], user: Any) -> models.QuerySet[Any]:
    """The user's part of the rows, where the rows know of areas at all."""
    visible_to = getattr(queryset, "visible_to", None)
    return queryset if visible_to is None else visible_to(user)


@dataclass(frozen=True)
class Panel:
    """A part of the family page that an app above `recipients` adds (StaffSite.add_family_panel)."""

    title: Any
    template: str
    context: dict[str, Any]


class DetailedChangeList(StrictChangeList):
    """Asks the admin for the details of the page's rows: one query each for fifty, none for the rest."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = self.model_admin.with_details(list(self.result_list))


def key_of(text: str) -> int:
    """The primary key that a page sent back; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def keys_of(texts: Iterable[str]) -> list[int]:
    """The same of what was ticked, without what is none."""
    return [key for key in map(key_of, texts) if key]


def address_of(name: str, *args: Any, **query: Any) -> str:
    """The address of a page with its filters; empty where its part of the portal is not installed."""
    try:
        found = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{found}?{urlencode(query)}" if query else found


@dataclass(frozen=True)
class Card:
    """One number that waits for somebody, with the list it stands for."""

    label: str
    count: int
    url: str = ""
    tone: str = ""
