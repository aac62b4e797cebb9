import pytest

from bansos import prepare
from eligibility.models import RuleSet
from recipients.models import Region

pytestmark = pytest.mark.django_db


def test_a_fresh_database_is_prepared_once_and_again_without_harm():
    assert prepare.is_prepared() is False

    prepare.prepare()
    counts = Region.objects.count(), RuleSet.objects.count()
    prepare.prepare()

    assert prepare.is_prepared() is True
    assert (Region.objects.count(), RuleSet.objects.count()) == counts == (276, 4)
