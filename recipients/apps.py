from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecipientsConfig(AppConfig):
    name = "recipients"
    verbose_name = _("Keluarga dan data pusat")

    def ready(self) -> None:
        from recipients import tasks  # noqa: F401  (declares what this app's jobs do)
