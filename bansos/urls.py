from django.contrib import admin
from django.urls import include, path

from bansos import health

urlpatterns = [
    path("", include("objections.public.urls")),
    path("staf/", admin.site.urls),
    path("api/v1/", include("bansos.api_urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler500 = "objections.public.errors.server_error"
