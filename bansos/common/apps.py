from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "bansos.common"
    label = "common"
    verbose_name = "Sistem"
