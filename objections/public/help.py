"""Whom to turn to: the district's sub-districts, the villages of one, the helpers of a village. Links all the way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objections.enums import ClipPage
from objections.models import AudioClip, VillageHelp
from objections.models.village_help import HELPED_LEVELS
from objections.public.pages import Page
from recipients.enums import RegionLevel
from recipients.models import Region


class Help(Page):
    template_name = "public/help.html"
    title = gettext_lazy("Minta bantuan")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(
            subdistricts=Region.objects.subdistricts().order_by("name"),
            clips=AudioClip.objects.on_page(ClipPage.HELP),
        )


class Near(Page):
    """The helpers of one region by its public code; a sub-district leads on to its villages."""

    http_method_names = ["get", "head"]
    template_name = "public/near.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        regions = Region.objects.filter(level__in=HELPED_LEVELS).select_related("parent")
        region = get_object_or_404(regions, code=code)
        self.title = _("Petugas di %s") % _full_name(region)
        helpers = VillageHelp.objects.nearest(region)
        return self.show(
            region=region,
            parent=region.parent if region.level == RegionLevel.VILLAGE else None,
            helpers=helpers,
            is_elsewhere=bool(helpers) and helpers[0].region_id != region.pk,
            villages=region.children.order_by("name"),
        )


def _full_name(region: Region) -> str:
    if region.level == RegionLevel.SUBDISTRICT:
        return _("Kecamatan %s") % region
    return f"{region.get_kind_display()} {region}"
