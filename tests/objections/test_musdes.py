"""Village deliberations: an agenda of cases under check, results until the minutes are in, a paper to stand on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from eligibility.models import HandDecision, RuleSet
from eligibility.services import HandRefused, decide_by_hand
from eligibility.services.loading import FOLDER, load_rule_sets
from objections import handing_over, musdes_page, services
from objections.attachments import keeping
from objections.enums import EventKind, Kind, Reason
from objections.models import Musdes, MusdesItem, Objection
from recipients.enums import Basis
from recipients.models import AccessLog, Programme, RegistryRelease, UpdateProposal
from recipients.roles import install_roles
from tests.factories.registry import make_family, make_village
from tests.factories.staff import make_user
from tests.objections import files
from tests.objections.steps import UNKNOWN_NIK, text_of
from tests.papers import words_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


@pytest.fixture
def operator(world):
    install_roles()
    return make_user("village_operator", area=world.village)


@pytest.fixture
def case(world, filing, checker) -> Objection:
    found = services.file(form=filing(reasons=[Reason.HOUSE]), now=NOW)
    services.match(objection=found, now=NOW)
    services.start_check(objection=found, by=checker, now=NOW)
    return found


@pytest.fixture
def musdes(case, operator) -> Musdes:
    return services.plan_musdes(
        village=case.village, held_on=TODAY, place="Kantor desa", cases=[case.pk], by=operator, now=NOW
    )


def say(musdes, operator, result="AGREED", minutes_no="140/7/BA"):
    said = {musdes.items.get().pk: services.Said(result, "Lantai tanah, dilihat warga.")}
    services.record_musdes(musdes=musdes, said=said, attended=23, minutes_no=minutes_no, by=operator, now=NOW)


def close(musdes, operator):
    services.close_musdes(musdes=musdes, minutes=files.PDF, by=operator, now=NOW)


def test_an_agenda_holds_cases_under_check_of_the_village_and_no_report(case, filing, checker, operator):
    report = services.file(
        form=filing(nik=UNKNOWN_NIK, kind=Kind.WELL_OFF, village_id=case.village_id), now=NOW
    )
    services.start_check(objection=report, by=checker, now=NOW)
    services.file(form=filing(nik=UNKNOWN_NIK, village_id=case.village_id), now=NOW)  # not under check yet

    assert list(services.for_agenda(village=case.village, by=operator)) == [case]
    with pytest.raises(services.MoveRefused, match="sedang dicek di desa ini"):
        services.plan_musdes(
            village=case.village, held_on=TODAY, place="Kantor desa", cases=[report.pk], by=operator, now=NOW
        )


def test_minutes_close_it_and_every_case_has_them_in_its_history(musdes, case, operator):
    say(musdes, operator, result="")
    with pytest.raises(services.MoveRefused, match=f"Belum ada hasil untuk: {case}"):
        close(musdes, operator)
    say(musdes, operator)
    close(musdes, operator)

    note = case.events.get(kind=EventKind.MUSDES).note
    assert "140/7/BA: disepakati. Lantai tanah, dilihat warga." in note
    with pytest.raises(services.MoveRefused, match="tidak bisa diubah lagi"):
        say(musdes, operator, result="DECLINED")
    for rows in (Musdes.objects.all(), MusdesItem.objects.all()):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            rows._raw_delete(rows.db)


def test_a_meeting_that_is_still_to_come_has_no_results(case, operator):
    later = services.plan_musdes(
        village=case.village,
        held_on=TODAY + timedelta(days=1),
        place="x",
        cases=[case.pk],
        by=operator,
        now=NOW,
    )
    with pytest.raises(services.MoveRefused, match="baru diadakan"):
        say(later, operator)


@pytest.mark.parametrize(("result", "stands"), [("AGREED", True), ("DECLINED", False)])
def test_a_proposal_stands_on_minutes_that_agreed_and_they_travel_with_it(
    musdes, case, operator, result, stands
):
    say(musdes, operator, result)
    close(musdes, operator)
    proposal = UpdateProposal(number="USUL-26-00001", reference=case.reference)

    paper = musdes_page.initial_for(case)
    names = [one.name for one in handing_over.evidence_of([proposal])]

    assert (paper.get("basis"), paper.get("basis_ref")) == (
        (Basis.MINUTES, "140/7/BA") if stands else (None, None)
    )
    assert (f"berita-acara-{musdes.pk}.pdf" in names) == stands


def test_minutes_are_not_swept_away_with_forms_that_were_never_sent(musdes, operator):
    say(musdes, operator)
    close(musdes, operator)
    keeping.purge_unsent(now=NOW + timedelta(days=3))

    assert keeping.content(keeping.minutes_of(musdes)) == files.PDF


def test_the_operator_plans_prints_keys_and_closes_it_on_the_pages(client, world, case, operator):
    client.force_login(operator)
    plan = f"{reverse('admin:objections_musdes_plan')}?desa={world.village.pk}"
    assert "AMAQ SAHRUN" in text_of(client.get(plan))
    client.post(plan, {"held_on": TODAY.isoformat(), "place": "Kantor desa", "kasus": [case.pk]})
    made = Musdes.objects.get()
    item = made.items.get().pk
    agenda = client.post(reverse("admin:objections_musdes_agenda", args=[made.pk]))
    client.post(
        reverse("admin:objections_musdes_results", args=[made.pk]),
        {f"hasil-{item}": "AGREED", "attended": "20", "minutes_no": "140/7/BA"},
    )
    paper = SimpleUploadedFile("ba.pdf", files.PDF, "application/pdf")
    client.post(reverse("admin:objections_musdes_close", args=[made.pk]), {"minutes": paper})
    shown = text_of(client.get(reverse("admin:objections_musdes_change", args=[made.pk])))

    assert "Nomor" in words_of(agenda.content)
    assert "AMAQ SAHRUN" in words_of(agenda.content)
    assert "520399" not in words_of(agenda.content)
    assert AccessLog.objects.filter(kind="EXPORT", rows=1).exists()
    assert "Disepakati" in shown
    assert client.get(reverse("admin:objections_musdes_minutes", args=[made.pk])).content == files.PDF


def test_a_decision_of_the_district_names_the_minutes_it_rests_on(client, musdes, case, operator):
    long_ago = date(2020, 1, 1)
    RuleSet.objects.update(effective_from=long_ago, effective_to=long_ago)  # the world's own says nothing
    load_rule_sets(FOLDER / "lokal")
    say(musdes, operator)
    page = reverse("admin:objections_musdes_change", args=[musdes.pk])
    client.force_login(make_user("office_verifier"))
    before = client.get(page).context["hand_query"]
    close(musdes, operator)

    query = client.get(page).context["hand_query"]
    family = client.get(f"{reverse('admin:recipients_family_change', args=[case.family_id])}?{query}")
    form = next(one.context["form"] for one in family.context["panels"] if "form" in one.context)
    shown = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    programme = Programme.objects.get(code="PAKET_DAERAH")
    today = timezone.localdate()
    sent = {
        "family": case.family_id, "subject": str(programme.pk), "verdict": "ELIGIBLE",
        "reason": "Rumah roboh, dilihat warga.", "starts_on": today.isoformat(), "ends_on": today.isoformat(),
    }  # fmt: skip
    client.post(reverse("admin:eligibility_handdecision_ask"), shown | sent)

    made = HandDecision.objects.get()
    told = client.get(reverse("admin:eligibility_handdecision_change", args=[made.pk])).content.decode()
    assert before == ""
    assert (made.minutes_no, made.minutes_on) == ("140/7/BA", TODAY)
    assert made.reference == f"musdes:{musdes.pk}"
    assert f'<a href="{page}">musyawarah desa nomor {musdes.pk}</a>' in told


@pytest.mark.parametrize(
    ("reference", "changed", "message"),
    [
        ("musdes:987654", {}, "tidak ada"),
        ("musdes:", {}, "tidak ada"),
        ("{musdes}", {"family": "elsewhere"}, "diadakan di .* sedangkan keluarga ini di Pijot"),
        ("{open}", {}, "belum masuk"),
        ("{musdes}", {"minutes_no": "140/8/BA"}, "nomor 140/7/BA"),
        ("{musdes}", {"minutes_on": TODAY - timedelta(days=1)}, "nomor 140/7/BA tanggal"),
    ],
)
def test_a_decision_of_the_district_rests_on_finished_minutes_of_the_familys_village(
    musdes, case, operator, reference, changed, message
):
    RuleSet.objects.update(effective_from=date(2020, 1, 1), effective_to=date(2020, 1, 1))
    load_rule_sets(FOLDER / "lokal")
    unfinished = Musdes.objects.create(
        village=musdes.village, held_on=TODAY, place="Balai", made_by=operator, made_at=NOW
    )
    say(musdes, operator)
    close(musdes, operator)
    if "family" in changed:
        elsewhere = make_family(
            release=RegistryRelease.objects.first(), village=make_village("Pijot", "Keruak")
        )
        changed = {"family": elsewhere}
    asked = {
        "programme": Programme.objects.get(code="PAKET_DAERAH"), "family": case.family, "person": None,
        "verdict": "ELIGIBLE", "starts_on": TODAY, "ends_on": TODAY, "minutes_no": "140/7/BA", "minutes_on": TODAY,
        "reason": "Rumah roboh, dilihat warga.", "by": operator, "today": TODAY,
    }  # fmt: skip

    with pytest.raises(HandRefused, match=message):
        decide_by_hand(
            **asked | changed,
            reference=reference.format(musdes=f"musdes:{musdes.pk}", open=f"musdes:{unfinished.pk}"),
        )
