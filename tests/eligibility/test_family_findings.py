"""Families that cannot be as their card has them, or that a release left out: counted at the check, then a worklist."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from bansos.common import jobs
from eligibility import reasons, services
from eligibility.engine.finding_kinds import OF_A_RELEASE
from eligibility.enums import CLOSING
from eligibility.models import Finding, FindingKind, FindingState, Scope
from eligibility.services import finding as steps
from recipients.addressing import STAFF
from recipients.enums import BatchState
from recipients.importing import layouts
from recipients.models import Family
from recipients.roles import install_roles
from tests.factories.registry import make_village
from tests.factories.staff import make_user
from tests.files import make_files
from tests.recipients.deliveries import as_csv, deliver, family_row, member_row, receive

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rule_sets")]
RELATION = "status_hubungan_keluarga"
GOOD, NO_HEAD, TWO_HEADS, FEWER, LARGE, LEAVES = range(6)
RELATIONS = {GOOD: "12", NO_HEAD: "23", TWO_HEADS: "11", FEWER: "12", LARGE: "1" + "3" * 15, LEAVES: "13"}


def delivery():
    """One family of each kind, as rows of both files."""
    families, members = [], []
    for kind, relations in RELATIONS.items():
        stated = "3" if kind == FEWER else str(len(relations))
        families.append(
            family_row(jumlah_anggota_keluarga=stated, nama_anggota_keluarga=f"AMAQ {'ABCDEF'[kind]}")
        )
        members += [
            member_row(families[kind][layouts.CARD_NO], **{RELATION: relation}) for relation in relations
        ]
    return families, members


def bring(families, members, **release):
    return bring_files(as_csv(families), as_csv(members), **release)


def bring_files(family, member, **release):
    batch = deliver(family, member, **release)
    jobs.work_until(lambda: not jobs.Job.objects.unfinished().exists(), wait_s=60)
    batch.refresh_from_db()
    assert batch.state == BatchState.DECIDED
    return batch


def found():
    waiting = Finding.objects.waiting().filter(kind__in=OF_A_RELEASE).order_by("kind")
    said = reasons.of_findings(waiting, reader=STAFF)
    return {row.kind: (row.family.snapshots.first().head_name, *said.get(row.pk, [])) for row in waiting}


@pytest.fixture
def delivered(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    make_village()
    families, members = delivery()
    first = bring(families, members)
    return first, families, members


def test_a_release_puts_its_odd_families_on_worklists_at_once(delivered):
    first, _families, _members = delivered

    assert first.preview["odd_families"] == {"NO_HEAD": 1, "TWO_HEADS": 1, "COUNT_DIFFERS": 1, "LARGE": 1}
    assert found() == {
        FindingKind.ORPHAN_MEMBERS: ("AMAQ B", "2 anggota tercatat tanpa kepala keluarga."),
        FindingKind.TWO_HEADS: ("AMAQ C", "2 orang tercatat sebagai kepala keluarga."),
        FindingKind.MEMBER_COUNT_DIFFERS: (
            "AMAQ D", "Baris keluarga menyebut 3 anggota, yang tercatat 2 orang."),
        FindingKind.LARGE_FAMILY: ("AMAQ E", "16 anggota dalam satu kartu keluarga."),
    }  # fmt: skip


def test_a_family_that_the_next_release_leaves_out_is_looked_for_and_stays(delivered):
    _first, families, members = delivered
    card = families[LEAVES][layouts.CARD_NO]
    _left, moved = [row for row in members if row[layouts.CARD_NO] == card]
    stay = [row for row in members if row[layouts.CARD_NO] != card]
    families = [
        row | ({"jumlah_anggota_keluarga": "3"} if n == GOOD else {}) for n, row in enumerate(families)
    ]

    second = bring(
        [row for row in families if row[layouts.CARD_NO] != card],
        [*stay, moved | {layouts.CARD_NO: families[GOOD][layouts.CARD_NO]}],
        label="2026-Q2",
        as_of=date(2026, 4, 20),
    )

    assert second.preview["odd_families"] == {"DROPPED": 1}  # what had not changed is not counted again
    assert found()[FindingKind.DROPPED_FROM_RELEASE] == (
        "AMAQ F",
        "Tidak ada lagi sejak rilis 2026-Q2. 1 anggotanya tercatat di kartu keluarga lain.",
    )
    assert Family.objects.count() == len(RELATIONS)


def test_a_village_closes_what_it_found_out_and_the_next_night_does_not_ask_again(delivered):
    install_roles()
    operator = make_user("village_operator", area=make_village())
    one = Finding.objects.filter(kind=FindingKind.TWO_HEADS)

    steps.dismiss(
        findings=one, outcome=CLOSING[0], note="Dua keluarga di satu kartu.", by=operator, now=timezone.now()
    )
    services.queue_verify(scope=Scope.ALL, as_of=timezone.localdate(), reason="malam")
    jobs.work_until(lambda: not jobs.Job.objects.unfinished().exists(), wait_s=60)

    assert [row.state for row in one] == [FindingState.DISMISSED]


def test_the_check_of_a_delivery_shows_the_groups_with_their_lists(delivered, client):
    install_roles()
    _first, families, members = delivered
    batch = receive(as_csv(families[1:]), as_csv(members[2:]), label="2026-Q2", as_of=date(2026, 4, 20))
    client.force_login(make_user("office_head"))

    page = client.get(reverse("admin:recipients_importbatch_change", args=[batch.pk])).content.decode()

    assert "Keluarga yang perlu ditelusuri" in page
    assert f"{reverse('admin:eligibility_finding_changelist')}?kind__exact=DROPPED_FROM_RELEASE" in page


@pytest.mark.parametrize(
    ("before", "after", "is_found"),
    [
        ("SITI AMINAH", "BUDI HARTONO", True),
        ("SITI NURHAYATI", "ST. NUR HAYATI", False),
        ("MUH. SAID", "MUHAMMAD SAID", False),
        ("H. LALU WIRA", "L. WIRA", False),
        ("INAQ SAHRUN", "MURNI", False),  # called after a child: any own name
    ],
)
def test_a_nik_that_comes_with_somebody_elses_name_is_asked_about(
    before, after, is_found, settings, tmp_path
):
    settings.UPLOAD_DIR = tmp_path
    make_village()
    family = family_row(jumlah_anggota_keluarga="1")
    member = member_row(family[layouts.CARD_NO], **{layouts.MEMBER_NAME: before})
    bring([family], [member])

    bring([family], [member | {layouts.MEMBER_NAME: after}], label="2026-Q2", as_of=date(2026, 4, 20))

    told = ("AMAQ SAHRUN", "Sejak rilis 2026-Q2 NIK ini memakai nama orang lain.")
    assert found() == ({FindingKind.NIK_OTHER_NAME: told} if is_found else {})


def test_the_samples_of_a_borrowed_nik_and_of_one_person_with_two_niks_are_asked_about(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    make_village()
    samples, families = make_files.MEMBER_FILES, make_files.FAMILY_FILES["titik-koma.csv"]
    bring_files(families, samples["anggota-lengkap.csv"])

    bring_files(families, samples["nik-milik-orang-lain.csv"], label="2026-Q2", as_of=date(2026, 4, 20))
    assert list(found()) == [FindingKind.NIK_OTHER_NAME]
    bring_files(families, samples["orang-dengan-dua-nik.csv"], label="2026-Q3", as_of=date(2026, 7, 20))
    services.queue_verify(scope=Scope.ALL, as_of=timezone.localdate(), reason="malam")
    jobs.work_until(lambda: not jobs.Job.objects.unfinished().exists(), wait_s=60)

    twice = Finding.objects.waiting().get(kind=FindingKind.DUPLICATE_PERSON)
    assert twice.person.memberships.get(until_release=None).name == "INAQ SAHRUN"
