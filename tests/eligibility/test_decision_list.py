"""The list of decisions: as many questions for fifty rows as for one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bansos.common import admin as common_admin
from eligibility.admin.decisions import EligibilityDecisionAdmin
from eligibility.models import EligibilityDecision
from tests.factories.registry import make_family
from tests.factories.staff import make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    """Opens the list, in which some twenty decisions stand."""
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
    return lambda: client.get(reverse("admin:eligibility_eligibilitydecision_changelist"))


def test_the_decision_list_asks_a_fixed_number_of_questions(page, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        shown = page()

    assert shown.context["cl"].result_count == EligibilityDecision.objects.standing().count()


def test_decisions_are_counted_as_far_as_one_may_leaf(page, monkeypatch):
    monkeypatch.setattr(common_admin, "MOST_PAGES", 2)
    monkeypatch.setattr(EligibilityDecisionAdmin, "list_per_page", 5)

    shown = page()

    assert (shown.context["cl"].result_count, len(shown.context["cl"].result_list)) == (11, 5)
    assert "lebih dari 10 keputusan" in shown.content.decode()
