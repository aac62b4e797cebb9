"""The list of decisions: as many questions for fifty rows as for one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from eligibility.models import EligibilityDecision
from tests.factories.registry import make_family
from tests.factories.staff import make_world

pytestmark = pytest.mark.django_db


def test_the_decision_list_asks_a_fixed_number_of_questions(client, django_assert_max_num_queries):
    world = make_world()
    first = world.inside["eligibility_eligibilitydecision"]
    for _ in range(20):
        first.pk, first.family = (
            None,
            make_family(
                release=world.inside["recipients_registryrelease"], village=world.inside["recipients_region"]
            ),
        )
        first.save(force_insert=True)
    client.force_login(world.users["office_head"])

    with django_assert_max_num_queries(20):
        page = client.get(reverse("admin:eligibility_eligibilitydecision_changelist"))

    assert page.context["cl"].result_count == EligibilityDecision.objects.standing().count()
