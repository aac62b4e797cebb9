"""/api/v1/: the rule sets in force, and what they say of one family, with reasons in words."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bansos.common.api import One, Rows
from eligibility import services
from eligibility.models import RuleSet
from recipients.access import record_access
from recipients.addressing import STAFF
from recipients.enums import Access
from recipients.models import Family


class RuleSetSerializer(serializers.ModelSerializer[RuleSet]):
    programme = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = RuleSet
        fields = ("programme", "version", "effective_from", "effective_to", "legal_basis", "conditions")


class RuleSets(Rows):
    """Every version there is or was, so that an old decision can be read again."""

    model = RuleSet
    serializer_class = RuleSetSerializer
    related = ("programme",)
    filters = {"programme": "programme__code"}

    def visible(self) -> models.QuerySet[Any]:
        return RuleSet.objects.all()


class FamilyDecisions(One):
    """What the rules say of this family today, and why. Meeting a rule is not yet receiving."""

    model = Family

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        family = self.get_object()
        record_access(by=request.user, kind=Access.OPEN_FAMILY, family=family, subject="API: keputusan")
        found = services.explain(family=family, as_of=timezone.localdate(), reader=STAFF)
        return Response(
            {
                "family": family.pk,
                "as_of": found.as_of,
                "release": found.release,
                "answers": [
                    {
                        "programme": answer.programme,
                        "person": answer.person_id,
                        "verdict": answer.verdict,
                        "agrees_with_stored": answer.agrees,
                        "rule_set": answer.rule_set_version,
                        "reasons": [{"code": reason.code, "text": reason.full} for reason in answer.reasons],
                    }
                    for answer in found.answers
                ],
            }
        )
