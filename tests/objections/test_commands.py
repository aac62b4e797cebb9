import json
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from objections import codes, services
from objections.models import Objection
from recipients.models import AccessLog

pytestmark = pytest.mark.django_db


def told(*args):
    out = StringIO()
    call_command(*args, stdout=out)
    return json.loads(out.getvalue())


def test_the_demo_objection_is_a_real_case_of_an_invented_family(world):
    answer = told("make_demo_objection")

    assert set(answer) == {"receipt_no", "pin"}
    assert services.open_case(**answer) == Objection.objects.get()
    assert Objection.objects.get().village == world.village


def test_the_demo_code_opens_the_family_that_crossed_a_ceiling(world):
    get_user_model().objects.create_user("admin")
    answer = told("make_family_code", "--any", "--json")

    assert codes.family_of_letter(answer["code"], timezone.localdate()) == world.family.pk
    assert answer["card_no_masked"].startswith("520399******")
    assert AccessLog.objects.get().family == world.family


def test_without_people_the_commands_say_so(db):
    with pytest.raises(CommandError, match="No invented family"):
        call_command("make_demo_objection")
    with pytest.raises(CommandError, match="No such family"):
        call_command("make_family_code", "--any")
