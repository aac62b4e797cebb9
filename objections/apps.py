from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObjectionsConfig(AppConfig):
    name = "objections"
    verbose_name = _("Sanggahan")

    def ready(self) -> None:
        from eligibility.services import minutes
        from objections.handing_over import evidence_of
        from objections.services.musdes import minutes_of
        from recipients import evidence

        evidence.add_source(evidence_of)
        minutes.add_source(minutes_of)
