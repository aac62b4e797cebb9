"""A delivery's consequences are told from its staged rows before approval: they are those of applying it."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from bansos.common import jobs
from bansos.common.models import Job, JobState
from eligibility import services
from eligibility.models import EligibilityDecision, Scope, Trial
from eligibility.services import foreseeing, simulating, trials
from eligibility.services.outcomes import Comparison, Outcome, Paid
from recipients import services as recipients_services
from recipients.enums import BatchState, EnrolmentState
from recipients.importing import layouts
from recipients.models import Enrolment, Family, ImportBatch, Programme, Region
from recipients.roles import install_roles
from tests.eligibility.conftest import TODAY
from tests.eligibility.test_comparing import tables
from tests.factories.registry import make_village
from tests.factories.staff import make_user
from tests.recipients.deliveries import as_csv, deliver, family_row, member_row, people, receive

pytestmark = pytest.mark.django_db
PLACES = [("KESIK", "MASBAGIK"), ("DANGER", "MASBAGIK"), ("PIJOT", "KERUAK")]
DECILE = layouts.FAMILY_HEADERS[-1]


@pytest.fixture
def villages(rule_sets):
    for village, subdistrict in PLACES:
        make_village(village.title(), subdistrict.title())


class Delivery:
    """Rows of both files, changed at random from one release to the next."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.families: list[dict[str, str]] = []
        self.members: list[dict[str, str]] = []
        self.gone: list[dict[str, str]] = []
        for _family in range(25):
            self.add()

    def add(self) -> None:
        village, subdistrict = self.draw.choice(PLACES)
        row = family_row(
            **{layouts.VILLAGE_NAME: village, layouts.SUBDISTRICT_NAME: subdistrict, DECILE: self.decile()}
        )
        self.families.append(row)
        for _member in range(self.draw.randrange(1, 4)):
            born = f"{self.draw.randrange(1940, 2025)}-06-01"
            self.members.append(member_row(row[layouts.CARD_NO], **{layouts.BIRTH_DATE: born}))

    def decile(self) -> str:
        return self.draw.choice(["", *map(str, range(1, 11))])

    def change(self) -> None:
        draw = self.draw
        for row in draw.sample(self.families, 8):
            row[DECILE] = self.decile()
        for row in draw.sample(self.families, 3):
            row[layouts.VILLAGE_NAME], row[layouts.SUBDISTRICT_NAME] = draw.choice(PLACES)
        for row in draw.sample(self.members, 4):
            row[layouts.CARD_NO] = draw.choice(self.families)[layouts.CARD_NO]
        for row in draw.sample(self.members, 3):
            row[layouts.BIRTH_DATE] = f"{draw.randrange(1940, 2025)}-02-03"
        back, self.gone = self.gone, draw.sample(self.members, 3)
        self.members = [row for row in self.members if row not in self.gone] + back
        lost = draw.choice(self.families)
        self.families.remove(lost)
        self.members = [row for row in self.members if row[layouts.CARD_NO] != lost[layouts.CARD_NO]]
        known = {row[layouts.CARD_NO] for row in self.families}
        for row in self.members:
            if row[layouts.CARD_NO] not in known:
                row[layouts.CARD_NO] = draw.choice(self.families)[layouts.CARD_NO]
        self.add()
        self.add()

    def files(self) -> tuple[bytes, bytes]:
        return as_csv(self.families), as_csv(self.members)


def verdicts() -> dict[tuple[int, int, int | None], str]:
    rows = EligibilityDecision.objects.standing()
    return {(row.programme_id, row.person_id or row.family_id, row.person_id): row.verdict for row in rows}


def apply(batch: ImportBatch) -> None:
    recipients_services.approve_import(batch=batch, by=people()[1], now=timezone.now(), accepts_missing=True)

    def is_applied() -> bool:
        batch.refresh_from_db()
        return batch.state in (BatchState.APPLIED, BatchState.DECIDED, BatchState.REFUSED)

    jobs.work_until(is_applied, wait_s=60)
    assert batch.state != BatchState.REFUSED, batch.refusal


def verify() -> None:
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")


def foresee(batch: ImportBatch):
    return foreseeing.compare_release(
        batch_id=batch.pk, compared=foreseeing.rules_in_force(TODAY), as_of=TODAY
    )


@pytest.mark.parametrize("seed", range(5))
def test_what_is_foreseen_of_a_delivery_is_what_applying_it_does(seed, villages):
    delivery = Delivery(seed)
    deliver(*delivery.files(), label="2025-Q3", as_of=date(2025, 7, 20))
    delivery.change()
    deliver(*delivery.files(), label="2025-Q4", as_of=date(2025, 10, 20))
    verify()
    for family in Family.objects.all():
        if delivery.draw.random() < 0.5:
            pkh = Programme.objects.get(code="PKH")
            Enrolment.objects.create(programme=pkh, family=family, state=EnrolmentState.ACTIVE, since=TODAY)
    enrolled = set(Enrolment.objects.values_list("family", flat=True))
    delivery.change()
    batch = receive(*delivery.files(), label="2026-Q1", as_of=date(2026, 1, 23))
    before, stood, whole = verdicts(), tables(), compare_with_itself()

    found = foresee(batch)

    assert tables() == stood
    apply(batch)
    verify()
    after, whole_then = verdicts(), compare_with_itself()
    for outcome in found.outcomes:
        now, then = (paid(one.paid["after"]) for one in outcomes_of(outcome.code, whole, whole_then))
        assert paid(outcome.paid["after"]) - paid(outcome.paid["before"]) == then - now
        programme = Programme.objects.get(code=outcome.code)
        keys = [key for key in before.keys() | after.keys() if key[0] == programme.pk]
        happened = Counter(f"{before.get(key, 'NO_RULE')}>{after.get(key, 'NO_RULE')}" for key in keys)
        assert changes(outcome.moves) == changes(happened), outcome.code
        assert outcome.standing == sum(before.get(key) == "ELIGIBLE" for key in keys)
        if outcome.code == "PKH":
            lost = {key[1] for key in keys if before.get(key) == "ELIGIBLE" != after.get(key)}
            assert outcome.total.enrolled_losses == len(lost & enrolled)
    assert sum(outcome.total.losses + outcome.total.gains for outcome in found.outcomes) > 5


def compare_with_itself() -> Comparison:
    """Everyone under the rules in force: what they cost as the registry stands."""
    rules, release = foreseeing.rules_in_force(TODAY), simulating.release_to_read(TODAY)
    return simulating.compare(compared=rules, as_of=TODAY, release=release)


def outcomes_of(code: str, *comparisons: Comparison) -> list[Outcome]:
    return [one for found in comparisons for one in found.outcomes if one.code == code]


def paid(side: Paid) -> int:
    return sum(
        count * side.each[name] for village in side.villages.values() for name, count in village.items()
    )


def changes(moves: dict[str, int]) -> dict[str, int]:
    return {move: count for move, count in moves.items() if count and len(set(move.split(">"))) == 2}


def test_the_first_delivery_is_foreseen_too(villages):
    batch = receive(*Delivery(7).files())

    found = foresee(batch)
    apply(batch)
    verify()

    for outcome in found.outcomes:
        rows = EligibilityDecision.objects.standing().filter(programme__code=outcome.code)
        assert outcome.moves == Counter(f"NO_RULE>{row.verdict}" for row in rows)


def test_a_delivery_of_families_alone_is_foreseen_with_the_members_that_stand(villages):
    delivery = Delivery(9)
    deliver(*delivery.files(), label="2025-Q4", as_of=date(2025, 10, 20))
    verify()
    before = verdicts()
    delivery.change()
    batch = receive(as_csv(delivery.families))

    found = foresee(batch)
    apply(batch)
    verify()

    after = verdicts()
    pkh = next(outcome for outcome in found.outcomes if outcome.code == "PKH")
    keys = [key for key in after if key[0] == Programme.objects.get(code="PKH").pk]
    assert changes(pkh.moves) == changes(
        Counter(f"{before.get(key, 'NO_RULE')}>{after[key]}" for key in keys)
    )


def test_the_families_behind_a_foreseen_number_are_as_many_as_it_says(villages):
    delivery = Delivery(4)
    deliver(*delivery.files(), label="2025-Q4", as_of=date(2025, 10, 20))
    verify()
    delivery.change()
    batch = receive(*delivery.files())
    found = foresee(batch)
    compared = next(one for one in foreseeing.rules_in_force(TODAY) if one.code == "SEMBAKO")

    listed = foreseeing.changed_by_release(
        batch_id=batch.pk,
        compared=compared,
        as_of=TODAY,
        villages=set(Region.objects.villages().values_list("pk", flat=True)),
        narrowed="losses",
    )

    sembako = next(outcome for outcome in found.outcomes if outcome.code == "SEMBAKO")
    assert len(listed) == sembako.total.losses > 0


def test_what_was_applied_meanwhile_cannot_be_foreseen(villages):
    batch = deliver(*Delivery(1).files())

    with pytest.raises(foreseeing.NoLongerWaiting):
        foresee(batch)


@pytest.fixture
def head(client):
    install_roles()
    user = make_user("office_head")
    client.force_login(user)
    return user


def waiting_delivery(seed: int = 4) -> ImportBatch:
    delivery = Delivery(seed)
    deliver(*delivery.files(), label="2025-Q4", as_of=date(2025, 10, 20))
    verify()
    delivery.change()
    return receive(*delivery.files())


def counted(batch: ImportBatch) -> Trial:
    trials.ask_due_trials(day=TODAY)
    trial = trials.trials_of(batch).get()
    jobs.work_until(lambda: Trial.objects.get(pk=trial.pk).finished_at is not None, wait_s=30)
    return Trial.objects.get(pk=trial.pk)


def test_the_page_of_a_delivery_tells_what_follows_before_it_is_approved(client, head, villages):
    batch = waiting_delivery()
    trial = counted(batch)
    trials.ask_due_trials(day=TODAY)

    batch_page = client.get(reverse("admin:recipients_importbatch_change", args=[batch.pk])).content.decode()
    trial_page = client.get(reverse("admin:eligibility_release_trial", args=[batch.pk]), follow=True)

    sembako = next(one for one in trial.result["outcomes"] if one["code"] == "SEMBAKO")["total"]
    said = f"{sembako['gains']} keluarga akan mulai memenuhi aturan, {sembako['losses']} tidak lagi."
    assert Trial.objects.count() == 1
    assert said in batch_page
    assert said in trial_page.content.decode()


def test_the_list_of_a_delivery_closes_when_it_is_approved(client, head, villages):
    batch = waiting_delivery()
    trial = counted(batch)
    place = {"program": "SEMBAKO", "kecamatan": Region.objects.get(name="Masbagik").pk}
    address = reverse("admin:eligibility_trial_families", args=[trial.pk])

    open_list = client.get(address, place)
    apply(batch)
    closed = client.get(address, place, follow=True)

    assert open_list.status_code == 200
    assert open_list.context["page"].paginator.count > 0
    assert "daftarnya tidak bisa dibuka lagi" in closed.content.decode()


def test_a_family_that_is_new_in_a_delivery_is_listed_and_downloaded_by_name(client, head, villages):
    delivery = Delivery(4)
    deliver(*delivery.files(), label="2025-Q4", as_of=date(2025, 10, 20))
    delivery.families.append(
        family_row(**{layouts.HEAD_NAME: "INAQ BARU", layouts.VILLAGE_NAME: "KESIK", DECILE: "1"})
    )
    batch = receive(*delivery.files())
    trial = counted(batch)
    place = {"program": "SEMBAKO", "kecamatan": Region.objects.get(name="Masbagik").pk}

    listed = client.get(reverse("admin:eligibility_trial_families", args=[trial.pk]), place)
    answer = client.post(
        reverse("admin:eligibility_trial_export", args=[trial.pk]), {**place, "reason": "rapat kelayakan"}
    )

    assert "INAQ BARU" in listed.content.decode()
    assert "baru di kiriman ini" in listed.content.decode()
    assert '"INAQ BARU"' in b"".join(answer.streaming_content).decode()


def test_a_delivery_approved_before_its_consequences_were_counted_leaves_an_empty_answer(villages):
    batch = waiting_delivery()
    trials.ask_due_trials(day=TODAY)
    trial = trials.trials_of(batch).get()
    Job.objects.filter(pk=trials.job_of(trial).pk).update(state=JobState.DEAD)
    apply(batch)
    Job.objects.filter(pk=trials.job_of(trial).pk).update(state=JobState.READY)

    jobs.work_until(lambda: Trial.objects.get(pk=trial.pk).finished_at is not None, wait_s=30)

    assert Trial.objects.get(pk=trial.pk).result == {}
