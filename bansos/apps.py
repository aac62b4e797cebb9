from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """The browser admin at /staf/ with our own site class (home page, roles); brings the project's own checks."""

    default_site = "bansos.staff.StaffSite"

    def ready(self) -> None:
        super().ready()
        from bansos import checks

        checks.register_all()
