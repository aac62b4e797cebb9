"""Coba aturan in the browser admin: ask, wait, read, open the list behind a number, download it with a reason."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from bansos.common import jobs
from eligibility.models import EligibilityDecision, RuleDraft, RuleSet, Trial
from recipients.enums import Access, EnrolmentState
from recipients.models import AccessLog, Enrolment, Family, Programme, Quota, Region, RegistryRelease
from recipients.roles import install_roles
from tests.eligibility.conftest import TODAY
from tests.factories.registry import make_family, make_member, make_release, make_village
from tests.factories.staff import make_user

pytestmark = pytest.mark.django_db(transaction=True)  # a trial tells its progress on another connection
ASK = "admin:eligibility_trial_ask"
DRAFT = (
    "[programme]\ncode='SEMBAKO'\nname='x'\nunit='FAMILY'\nowner='x'\nis_local=false\n[rule_set]\nversion=9\n"
    "effective_from=2027-01-01\nlegal_basis='x'\n[[conditions]]\ncode='DECILE'\nkind='at_most'\nfact='decile'\nlimit=6\n"
)


@pytest.fixture
def head(client, rule_sets) -> User:
    install_roles()
    user = make_user("office_head")
    client.force_login(user)
    return user


@pytest.fixture
def district(rule_sets) -> Region:
    """Two families of decile 5 and one of decile 4 in Kesik, one of decile 6 in Pijot."""
    release, kesik, pijot = make_release(), make_village(), make_village("Pijot", "Keruak")
    for decile, village in ((5, kesik), (5, kesik), (4, kesik), (6, pijot)):
        make_family(release=release, village=village, decile=decile, head_name=f"=AMAQ {decile}")
    return kesik


def ask(client, **data) -> Trial:
    programme = Programme.objects.get(code="SEMBAKO")
    answer = client.post(
        reverse(ASK), {"programme": programme.pk, "before": "now", "as_of": TODAY.isoformat(), **data}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    trial = Trial.objects.latest("pk")
    jobs.work_until(lambda: Trial.objects.get(pk=trial.pk).finished_at is not None, wait_s=30)
    return Trial.objects.get(pk=trial.pk)


def page(client, trial: Trial, name: str = "change", **query) -> str:
    answer = client.get(reverse(f"admin:eligibility_trial_{name}", args=[trial.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_another_decile_limit_is_tried_out_for_the_whole_district(client, head, district):
    trial = ask(client, decile=5)
    shown = page(client, trial)

    assert "2 keluarga akan mulai memenuhi aturan, 0 tidak lagi." in shown
    assert "Memenuhi aturan belum berarti menerima." in shown
    assert "akan menerima" not in shown
    assert not EligibilityDecision.objects.exists()


def test_what_the_rule_would_cost_stands_beside_what_it_costs_now_and_is_no_promise(client, head, district):
    Quota.objects.create(
        programme=Programme.objects.get(code="SEMBAKO"), region=district.parent, period="2026-Q4", amount=2
    )
    trial = ask(client, decile=5)

    shown = page(client, trial)
    answer = client.get(reverse("admin:eligibility_trial_cost", args=[trial.pk]))
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert (
        "biayanya Rp2,4 juta setahun sekarang dan Rp7,2 juta setahun nanti: Rp4,8 juta lebih banyak" in shown
    )
    assert "Kuota 2026-Q4 hanya 2 dari 3 keluarga. Sebanyak kuota itu kira-kira Rp4,8 juta." in shown
    assert "Rp600.000 tiap tiga bulan" in shown
    assert "bukan janji" in shown
    assert "akan dibayar" not in shown
    assert len(lines) == 2  # the only village with somebody who meets either rule
    assert lines[1].endswith('"tiap tiga bulan","2400000","7200000","4800000"')


def test_where_a_rule_says_no_amounts_nothing_is_said_of_money(client, head, district):
    shown = page(client, ask(client, document=DRAFT))

    assert "Biayanya tidak bisa dihitung" in shown


def test_a_sub_district_opens_to_its_villages_and_its_families(client, head, district):
    trial = ask(client, decile=5)

    villages = page(client, trial, kecamatan=district.parent_id)
    families = page(client, trial, "families", kecamatan=district.parent_id, desa=district.pk, arah="gains")

    assert district.name in villages
    assert families.count("=AMAQ 5") == 2
    assert "=AMAQ 4" not in families


def test_those_enrolled_who_would_no_longer_meet_the_rule_stand_out_beside_the_quota(client, head, district):
    family, programme = Family.objects.get(snapshots__decile=4), Programme.objects.get(code="SEMBAKO")
    Enrolment.objects.create(family=family, programme=programme, state=EnrolmentState.ACTIVE, since=TODAY)
    Quota.objects.create(programme=programme, region=district.parent, period="2026-Q1", amount=70)
    Quota.objects.create(programme=programme, region=district.parent, period="2026-Q4", amount=77)
    Quota.objects.create(programme=programme, region=district.parent, period="2027-Q1", amount=99)

    trial = ask(client, decile=3)

    assert trial.result["outcomes"][0]["total"]["enrolled_losses"] == 1
    assert "Kuota 2026-Q4: 77" in page(client, trial)
    assert "=AMAQ 4" in page(client, trial, "families", kecamatan=district.parent_id, arah="enrolled_losses")


def test_the_list_is_downloaded_with_a_reason_and_cannot_run_in_a_spreadsheet(client, head, district):
    trial = ask(client, decile=5)
    address = reverse("admin:eligibility_trial_export", args=[trial.pk])

    without = client.post(address, {"program": "SEMBAKO", "arah": "gains", "reason": ""})
    answer = client.post(address, {"program": "SEMBAKO", "arah": "gains", "reason": "rapat anggaran"})
    text = b"".join(answer.streaming_content).decode()

    log = AccessLog.objects.get()
    assert without.status_code == 302
    assert (log.kind, log.rows, log.reason) == (Access.EXPORT, 2, "rapat anggaran")
    assert len(text.splitlines()) == 3
    assert "'=AMAQ 5" in text


def test_who_changes_is_told_apart_by_vulnerability_down_to_the_list_and_the_file(client, head, district):
    release = RegistryRelease.objects.get()
    old, other = Family.objects.filter(snapshots__decile=5).order_by("pk")
    make_member(old, release=release, born=date(1950, 1, 1), sex=2, relation=1, has_disability=None)
    place = {"program": "SEMBAKO", "kecamatan": district.parent_id}

    trial = ask(client, decile=5)
    shown = client.get(reverse("admin:eligibility_trial_change", args=[trial.pk]), place).context["kinds"]
    of_group = page(client, trial, kelompok="with_female_head")
    listed = page(client, trial, "families", **place, arah="gains", kelompok="with_elder")
    answer = client.post(
        reverse("admin:eligibility_trial_export", args=[trial.pk]),
        {"program": "SEMBAKO", "arah": "gains", "kelompok": "with_elder", "reason": "rapat anggaran"},
    )

    gains = {one.key: one.counts["gains"] for kind in shown for one in kind.groups}
    assert gains == {
        "with_elder": 1, "with_disability": 0, "with_small_child": 0, "with_female_head": 1, "with_none_of_these": 1,
    }  # fmt: skip
    assert "Per kecamatan: kepala keluarga perempuan" in of_group
    assert reverse("admin:recipients_family_change", args=[old.pk]) in listed
    assert reverse("admin:recipients_family_change", args=[other.pk]) not in listed
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert "lansia (60 tahun ke atas), kepala keluarga perempuan" in lines[1]
    assert AccessLog.objects.get().rows == 1


def test_a_version_a_draft_and_the_rules_of_another_day_are_tried_out_too(client, head, district):
    first = RuleSet.objects.get(programme__code="SEMBAKO", version=1)

    by_version, by_draft = ask(client, after=first.pk), ask(client, document=DRAFT)
    by_day = ask(client, programme="", after_day="2025-12-01")

    gains = [one["total"]["gains"] for trial in (by_version, by_draft) for one in trial.result["outcomes"]]
    assert gains == [2, 3]
    assert [one["code"] for one in by_day.result["outcomes"]] == ["PBI_JK", "PKH", "SEMBAKO"]
    assert "2 keluarga akan mulai memenuhi aturan" in page(client, by_day, program="SEMBAKO")


def test_a_draft_of_a_programme_that_nobody_has_yet_is_tried_out_too_and_its_page_says_so(client, district):
    install_roles()
    client.force_login(make_user("data_admin"))
    text = DRAFT.replace("SEMBAKO", "BERAS").replace("version=9", "version=1")
    text = text.replace("legal_basis='x'", "legal_basis='Perbup 7/2026'")
    client.post(reverse("admin:eligibility_ruledraft_add"), {"text": text})
    address = reverse("admin:eligibility_ruledraft_change", args=[RuleDraft.objects.get().pk])
    assert "Coba dulu, lalu baca siapa yang berubah." in client.get(address).content.decode()

    trial = ask(client, programme="", document=text)

    assert trial.result["outcomes"][0]["moves"] == {"NO_RULE>ELIGIBLE": 4}
    assert "4 keluarga akan mulai memenuhi aturan" in client.get(address).content.decode()
    assert "AMAQ 4" in page(client, trial, "families", kecamatan=district.parent_id)
    assert not Programme.objects.filter(code="BERAS").exists()
    RuleDraft.objects.update(text=text.replace("limit=6", "limit=5"))
    assert "Coba dulu, lalu baca siapa yang berubah." in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Isi satu cara saja"),
        ({"decile": 5, "after_day": "2025-12-01"}, "Isi satu cara saja"),
        ({"decile": 4}, "Batas desil 4 sudah berlaku"),
        ({"decile": 5, "programme": ""}, "Pilih satu program dulu"),
        ({"document": "limit ="}, "belum bisa dicoba"),
    ],
)
def test_what_cannot_be_tried_is_said_on_the_form(client, head, district, data, words):
    programme = Programme.objects.get(code="SEMBAKO")
    base = {"programme": programme.pk, "before": "now", "as_of": TODAY.isoformat()}

    answer = client.post(reverse(ASK), {**base, **data})

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Trial.objects.exists()


def test_a_version_of_another_programme_is_refused(client, head, district):
    other = RuleSet.objects.get(programme__code="PKH")
    programme = Programme.objects.get(code="SEMBAKO")

    answer = client.post(
        reverse(ASK), {"programme": programme.pk, "after": other.pk, "as_of": TODAY.isoformat()}
    )

    assert "bukan aturan Program Sembako" in answer.content.decode()


def test_what_a_trial_keeps_names_nobody(client, head, district):
    trial = ask(client, decile=5)

    told, kept = json.dumps(trial.result), json.dumps([trial.result, trial.compared])

    assert "AMAQ" not in kept
    assert "family" not in told
    assert "family_id" not in kept  # "family" alone is the subject of a rule that was compared
