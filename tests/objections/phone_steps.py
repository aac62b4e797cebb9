"""A case with a phone, its confirmation, and codes for it, for tests."""

from __future__ import annotations

from django.utils import timezone

from bansos.common import jobs
from bansos.common.models import Job
from objections import services
from objections import tasks as _tasks  # noqa: F401  (registers what is sent)
from objections.enums import CodePurpose, PhoneHow
from objections.models import PhoneCode, PhoneConfirmation
from objections.services import phones

PHONE = "081200009001"


def matched_case(filing, **changes):
    case = services.file(form=filing(**{"phone": PHONE, **changes}), now=timezone.now())
    services.match(objection=case, now=timezone.now())
    return case


def confirm(case, checker):
    phones.prove(objection=case, now=timezone.now())
    services.confirm_match(objection=case, by=checker, now=timezone.now())
    say_whose(case, checker)
    return kept(case)


def kept(case):
    return PhoneConfirmation.objects.filter(objection=case, ended_at=None).first()


def say_whose(case, by, how=PhoneHow.DESK, shown_as=None):
    """The office confirms the phone that it sees, or one that it saw before."""
    shown_as = shown_as or (kept(case) and kept(case).shown_as) or ""
    services.confirm_phone(objection=case, how=how, shown_as=shown_as, by=by, now=timezone.now())


def new_code(case, purpose=CodePurpose.OPEN):
    assert services.send_code(objection=case, now=timezone.now())
    code = PhoneCode.objects.first()
    assert code.purpose == purpose
    return code


def use(case, typed, now=None):
    return services.use_code(objection=case, typed=typed, now=now or timezone.now())


def work():
    """Every due job once, as a worker would."""
    for pk in list(Job.objects.claimable().values_list("pk", flat=True)):
        jobs.run(pk)
