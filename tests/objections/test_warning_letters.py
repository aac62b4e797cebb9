"""A warning letter says each programme once, however many members of the family it is about."""

from __future__ import annotations

import pytest
from django.utils import timezone

from eligibility.models import Finding
from eligibility.services.finding import propose
from objections import warning_letters
from recipients.models import Programme

pytestmark = pytest.mark.django_db


def test_what_is_the_same_for_two_members_is_said_once_with_their_initials(world, head):
    for programme, person in (("PKH", None), ("PBI_JK", world.head.person), ("PBI_JK", world.wife.person)):
        Finding.objects.create(
            kind="ENROLLED_NOT_ELIGIBLE", subject_key=f"enrolment:{programme}:{person and person.pk}",
            family=world.family, person=person, programme=Programme.objects.get(code=programme),
            subdistrict=world.village.parent, digest="0" * 32, evidence={},
        )  # fmt: skip
    propose(findings=Finding.objects.all(), note="tidak memenuhi", by=head, now=timezone.now())

    printed = warning_letters.print_warnings(village=world.village, by=head, today=timezone.localdate())

    (letter,) = printed.letters
    assert [(line.notice.programme, line.who) for line in letter.lines] == [
        ("Program Keluarga Harapan", ""),
        ("BPJS gratis", "A. S., I. S."),
    ]
    assert len(printed.finding_ids) == 3
