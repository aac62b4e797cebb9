"""/api/v1/: what staff's own tools may read, with the session of the staff site. Rules: bansos/common/api.py."""

from django.urls import path

import eligibility.api
import objections.api
import recipients.api

app_name = "api"
urlpatterns = [
    path("releases/", recipients.api.Releases.as_view(), name="releases"),
    path("regions/", recipients.api.Regions.as_view(), name="regions"),
    path("decile-changes/", recipients.api.DecileChanges.as_view(), name="decile-changes"),
    path("rule-sets/", eligibility.api.RuleSets.as_view(), name="rule-sets"),
    path("families/<int:pk>/decisions/", eligibility.api.FamilyDecisions.as_view(), name="family-decisions"),
    path("objections/", objections.api.Objections.as_view(), name="objections"),
]
