"""Rule sets written in the browser: checked in plain words, tried, approved by another, in force on their day."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from eligibility import services
from eligibility.amounts_form import AmountsForm
from eligibility.draft_choices import component_words
from eligibility.draft_forms import ConditionForm, ConditionFormSet, initial_of, parts_of
from eligibility.models import DraftState, ReverificationRun, RuleDraft, RuleSet
from eligibility.rules.documents import read_document
from eligibility.rules.writing import write_document
from eligibility.services.loading import FOLDER
from recipients.models import DecileCeiling, Programme
from tests.factories.staff import make_world

DAY = date(2026, 6, 15)
LOCAL = """
[programme]
code = "LOKAL"
name = "Bantuan beras daerah"
unit = "FAMILY"
owner = "Kabupaten Lombok Timur"
is_local = true

[rule_set]
version = 1
effective_from = 2026-07-01
legal_basis = "Peraturan Bupati 7/2026"

[[conditions]]
code = "DECILE"
kind = "at_most"
fact = "decile"
limit = 3
"""


@pytest.fixture
def staff(db):
    return [User.objects.create(username=name) for name in ("satu", "dua")]


@pytest.fixture
def draft(staff):
    def draft(text=LOCAL, *, rule=None):
        return services.start_draft(
            rule=rule, text=text if rule is None else "", by=staff[0], now=timezone.now(), today=DAY
        )

    return draft


def approve(draft, by, today=DAY, seen=None):
    seen = services.seen_as(draft) if seen is None else seen
    return services.approve_draft(draft=draft, by=by, now=timezone.now(), today=today, seen=seen)


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.toml")), ids=lambda path: path.name)
def test_a_rule_set_taken_out_as_text_reads_back_as_it_was(db, path):
    services.load_rule_sets(path.parent)
    document = read_document(path.name, path.read_text())
    rule = RuleSet.objects.get(programme__code=document.programme.code, version=document.version)

    again = read_document(path.name, services.text_of(rule))

    assert again == document


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_survives_the_writing(text):
    assert tomllib.loads(write_document({"programme": {"name": text}}))["programme"]["name"] == text


def test_a_draft_from_a_version_is_the_next_one_from_tomorrow_and_asks_for_its_legal_basis(draft, db):
    services.load_rule_sets()

    found = services.look_at(text=draft(rule=RuleSet.objects.get(programme__code="PKH")).text, today=DAY)

    assert (found.document.version, found.document.effective_from) == (2, DAY + timedelta(days=1))
    assert found.wrong == ["Dasar hukum (legal_basis) terlalu pendek. Tulis nomor dan tahun aturannya."]
    assert found.differences == []


AGE_GROUP = '\n[[conditions]]\ncode = "AGE_GROUP"\nkind = "any_member"\nfact = "members_aged_between"\n'
WRONG = [
    ("limit = 3", 'limit = "3"', "isi bilangan bulat"),
    ("limit = 3", "", "'limit' berisi None"),
    ("version = 1", "version = 2", "versi berikutnya 1"),
    ("2026-07-01", "2026-06-14", "sudah lewat"),
    ('code = "DECILE"', 'code = "RANK"', "belum punya kalimat"),
    ("limit = 3", "limit = 0", "Semua orang tersingkir"),
    (
        "limit = 3",
        'limit = 3\n[[conditions]]\ncode = "OTHER_PROGRAMME"\nkind = "no_exclusive_programme"\nsubject = "family"\n'
        'programmes = ["ENTAH"]',
        "program ENTAH tidak ada",
    ),
    (
        "limit = 3",
        'limit = 3\n[[conditions]]\ncode = "MEMBERS_FROM"\nkind = "at_least"\nfact = "members"\nlimit = 5\n'
        '[[conditions]]\ncode = "MEMBERS_UP_TO"\nkind = "at_most"\nfact = "members"\nlimit = 4',
        "syarat MEMBERS_FROM, MEMBERS_UP_TO: tidak ada nilai jumlah anggota",
    ),
    ("limit = 3", f"limit = 3{AGE_GROUP}age = 64\nage_to = 15", "'age' 64 lebih tua dari 'age_to' 15"),
    (
        "limit = 3",
        f"limit = 3{AGE_GROUP}age = 6\nage_to = 12"
        + AGE_GROUP.replace("AGE_GROUP", "AGE_GROUP_UP_TO").replace("any_member", "at_most")
        + "age = 6\nage_to = 12\nlimit = 0",
        "syarat AGE_GROUP, AGE_GROUP_UP_TO: tidak ada nilai anggota dalam rentang umur",
    ),
    (
        "limit = 3",
        'limit = 3\n[[conditions]]\ncode = "BY_HAND"\nkind = "by_hand"\nprogramme = "PKH"',
        "harus LOKAL, program ini sendiri",
    ),
    ("[programme]", "[programme", "bukan berkas TOML"),
]


@pytest.mark.parametrize(("good", "bad", "message"), WRONG)
def test_what_does_not_resolve_or_contradicts_is_told_and_never_approved(draft, staff, good, bad, message):
    assert good in LOCAL
    written = draft(LOCAL.replace(good, bad))

    found = services.check_draft(draft=written, today=DAY)

    assert any(message in text for text in found.wrong), found.wrong
    assert written.state == DraftState.DRAFT
    with pytest.raises(services.DraftRefused, match="belum lolos"):
        approve(written, staff[1])
    assert not RuleSet.objects.exists()


def test_a_national_programme_takes_no_decisions_by_hand(draft, db):
    services.load_rule_sets()
    text = draft(rule=RuleSet.objects.get(programme__code="PKH")).text.replace('"?"', '"Kepmensos 1/2027"')
    text += '\n[[conditions]]\ncode = "BY_HAND"\nkind = "by_hand"\nprogramme = "PKH"\n'

    found = services.look_at(text=text, today=DAY)
    renamed = services.look_at(text=text.replace("Kementerian Sosial", "Kabupaten Lombok Timur"), today=DAY)
    taken = services.look_at(text=text.replace("is_local = false", "is_local = true"), today=DAY)

    assert any("Program pusat diputus pusat" in one for one in found.wrong)
    assert any("pemilik PKH adalah Kementerian Sosial" in one for one in renamed.wrong)
    assert any("Tulis is_local = false" in one for one in taken.wrong)


@pytest.mark.parametrize(
    ("limit", "said"), [(10, "dipenuhi oleh siapa pun"), (10, "terlalu longgar"), (3, None)]
)
def test_a_condition_that_everyone_meets_is_pointed_out(db, limit, said):
    odd = services.look_at(text=LOCAL.replace("limit = 3", f"limit = {limit}"), today=DAY).odd

    assert any(said in text for text in odd) if said else odd == []


NO_SERVANT = """
[[conditions]]
code = "CIVIL_SERVANT"
kind = "no_lead"
fact = "members_employed_as"
codes = [5]
"""
NO_WORKING_AGE = AGE_GROUP.replace("AGE_GROUP", "AGE_GROUP_UP_TO").replace("any_member", "at_most")
NO_WORKING_AGE += "age = 15\nage_to = 64\nlimit = 0\n"
NEEDS_CHILD = """
[[conditions]]
code = "CHILDREN"
kind = "any_member"
fact = "members_aged_up_to"
age = 6
"""


@pytest.mark.parametrize(
    ("more", "is_said"),
    [
        (NO_SERVANT, True),
        (NEEDS_CHILD, False),
        (NO_SERVANT + NEEDS_CHILD, True),
        (NO_WORKING_AGE, True),
        ("", False),
    ],
)
def test_what_holds_of_a_family_of_children_only_because_no_adult_is_there_is_pointed_out(db, more, is_said):
    odd = services.look_at(text=LOCAL + more, today=DAY).odd

    assert any("Keluarga tanpa orang dewasa lolos syarat ini" in text for text in odd) == is_said


def test_the_examples_say_what_becomes_of_families_without_adults_and_of_those_nothing_is_known_of(db):
    examples = {name: tone for name, tone, _label in services.look_at(text=LOCAL, today=DAY).examples}

    assert examples["Desil 1, tanpa orang dewasa"] == "eligible"
    assert examples["Desil 10, ayah dan anak"] == "ineligible"
    assert examples["Tidak ada data sama sekali"] == "needs_review"


def test_an_approved_draft_is_a_version_that_ends_the_one_before_and_moves_the_ceiling(draft, staff, db):
    services.load_rule_sets(FOLDER / "lokal")
    old = RuleSet.objects.get(programme__code="PAKET_DAERAH")
    text = services.text_of(old, version=2, effective_from=date(2026, 7, 1)).replace("limit = 2", "limit = 3")
    written = draft(text)
    found = services.check_draft(draft=written, today=DAY)
    assert found.differences == ["Batas desil: 2 → 3."]

    rule = approve(written, staff[1])

    old.refresh_from_db()
    written.refresh_from_db()
    assert (rule.version, rule.effective_from) == (2, date(2026, 7, 1))
    assert old.effective_to == date(2026, 6, 30)
    assert (written.state, written.rule_set) == (DraftState.APPROVED, rule)
    in_force = DecileCeiling.objects.in_force(date(2026, 7, 1)).get(programme__code="PAKET_DAERAH")
    assert in_force.ceiling == 3
    assert not ReverificationRun.objects.exists()  # its day has not come
    assert services.load_rule_sets(FOLDER / "lokal").new == ()  # the files of a next start change nothing


def test_an_office_adds_a_programme_of_its_own_without_code(draft, staff):
    written = draft()
    services.check_draft(draft=written, today=DAY)

    approve(written, staff[1])

    assert Programme.objects.get(code="LOKAL").rule_sets.get().version == 1


def test_a_rule_that_holds_from_today_on_asks_for_a_run_over_everyone(draft, staff):
    written = draft(LOCAL.replace("2026-07-01", "2026-06-15"))
    services.check_draft(draft=written, today=DAY)

    approve(written, staff[1])

    assert ReverificationRun.objects.get().scope == "all"


def test_nobody_approves_what_they_wrote_last(draft, staff):
    written = draft()
    services.write_draft(draft=written, text=LOCAL, by=staff[1], now=timezone.now())
    services.check_draft(draft=written, today=DAY)

    with pytest.raises(services.DraftRefused, match="tulis sendiri"):
        approve(written, staff[1])
    assert approve(written, staff[0]).version == 1


def test_the_database_refuses_one_person_as_writer_and_approver(draft, staff):
    written = draft()
    services.check_draft(draft=written, today=DAY)
    rule = approve(written, staff[1])
    other = draft(LOCAL.replace("version = 1", "version = 2"))

    with pytest.raises(IntegrityError, match="rule_draft_"), transaction.atomic():
        RuleDraft.objects.filter(pk=other.pk).update(
            state=DraftState.APPROVED, settled_by=staff[0], rule_set=rule
        )


def test_a_change_must_be_checked_again_and_a_settled_draft_takes_none(draft, staff):
    written = draft()
    services.check_draft(draft=written, today=DAY)
    services.write_draft(draft=written, text=LOCAL + "\n", by=staff[0], now=timezone.now())
    with pytest.raises(services.DraftRefused, match="belum lolos"):
        approve(written, staff[1])

    services.withdraw_draft(draft=written, by=staff[0], now=timezone.now())

    with pytest.raises(services.DraftRefused, match="sudah selesai"):
        services.write_draft(draft=written, text=LOCAL, by=staff[0], now=timezone.now())


def test_a_text_rewritten_after_it_was_read_is_not_approved_unseen(draft, staff):
    """The clerk's second tab: sound text, read by the head, and another sound text under the head's button."""
    first = draft()
    services.check_draft(draft=first, today=DAY)
    seen = services.seen_as(first)
    services.write_draft(
        draft=first, text=LOCAL.replace("limit = 3", "limit = 9"), by=staff[0], now=timezone.now()
    )
    services.check_draft(draft=first, today=DAY)

    with pytest.raises(services.DraftRefused, match="ditulis ulang"):
        approve(first, staff[1], seen=seen)

    assert not RuleSet.objects.filter(programme__code="LOKAL").exists()


def test_a_text_written_in_another_tab_is_not_marked_sound_by_the_check_of_the_one_before(draft, staff):
    stale = draft()
    services.write_draft(
        draft=RuleDraft.objects.get(pk=stale.pk), text="bukan aturan", by=staff[0], now=timezone.now()
    )

    services.check_draft(draft=stale, today=DAY)

    assert RuleDraft.objects.get(pk=stale.pk).state == DraftState.DRAFT


class TestPages:
    @pytest.fixture
    def world(self, db):
        world = make_world()
        services.load_rule_sets(FOLDER / "lokal")
        return world

    def start(self, client, world, **sent):
        client.force_login(world.users["data_admin"])
        return client.post(reverse("admin:eligibility_ruledraft_add"), sent, follow=True)

    def test_from_a_version_to_a_rule_in_force_by_forms_alone(self, client, world):
        rule = RuleSet.objects.get(programme__code="PAKET_DAERAH")
        page = self.start(client, world, rule_set=rule.pk)
        draft = RuleDraft.objects.get(
            written_by=world.users["data_admin"], title="Paket sembako daerah versi 2"
        )
        forms = [
            page.context["head"],
            page.context["amounts"],
            page.context["conditions"].management_form,
            *page.context["conditions"].forms,
        ]
        sent = {
            bound.html_name: bound.value() for form in forms for bound in form if bound.value() is not None
        }
        starts = timezone.localdate() + timedelta(days=1)
        sent |= {
            "legal_basis": "Peraturan Bupati 9/2026",
            "form-0-limit": 3,
            "jumlah-flat": 125_000,
            "effective_from": starts.isoformat(),
        }

        client.post(reverse("admin:eligibility_ruledraft_write", args=[draft.pk]), sent)
        client.post(reverse("admin:eligibility_ruledraft_check", args=[draft.pk]))
        page = client.get(reverse("admin:eligibility_ruledraft_change", args=[draft.pk]))
        assert "Batas desil: 2 → 3." in page.content.decode()
        assert page.context["draft"].state == DraftState.CHECKED, page.context["found"].wrong
        assert not page.context["may_approve"]
        client.force_login(world.users["office_head"])
        assert (
            "rancangan aturan menunggu persetujuan Anda"
            in client.get(reverse("admin:index")).content.decode()
        )
        client.post(
            reverse("admin:eligibility_ruledraft_approve", args=[draft.pk]), {"seen": page.context["seen"]}
        )

        made = RuleSet.objects.get(programme__code="PAKET_DAERAH", version=2)
        old = rule.conditions
        assert made.conditions == [{**old[0], "limit": 3}, *old[1:]]
        assert made.amounts == {**rule.amounts, "flat": 125_000}

    @pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.toml")), ids=lambda path: path.name)
    def test_the_boxes_and_cells_give_back_what_the_text_says(self, db, path):
        _head, rows = initial_of(path.read_text())
        shown = ConditionFormSet(initial=rows)
        cells = [bound for form in [shown.management_form, *shown.forms] for bound in form]
        sent = {bound.html_name: bound.value() for bound in cells if bound.value() is not None}

        filled = ConditionFormSet(sent)

        assert filled.is_valid(), filled.errors
        assert (
            filled.rows(parts_of(path.read_text())["programme"]["code"])
            == parts_of(path.read_text())["conditions"]
        )

    def test_ages_from_one_to_another_go_through_the_cells_and_the_boxes(self, db):
        part = {"name": "school_age", "fact": "members_aged_between", "age": 6, "age_to": 12}
        rows = [
            {"code": "AGE_GROUP_UP_TO", "kind": "at_most", "fact": "members_aged_between", "age": 15, "age_to": 64,
             "limit": 0},
            {"code": "SOME_MEMBERS", "kind": "some_of", "components": [part]},
        ]  # fmt: skip
        text = LOCAL[: LOCAL.index("[[")] + write_document({"conditions": rows})
        _head, shown = initial_of(text)
        assert shown[1]["components"] == ["school_age members_aged_between 6, 12"]
        assert component_words(shown[1]["components"][0]) == "anak usia sekolah, 6 sampai 12 tahun"

        forms = [ConditionForm(row, initial=row) for row in shown]

        assert [form.errors for form in forms] == [{}, {}]
        assert [form.row() for form in forms] == rows
        assert read_document("uji", text).raw_conditions == rows

    def test_a_cell_of_another_kind_is_left_out_and_what_no_list_knows_is_kept_for_the_check(self, db):
        row = {"code": "FLAG_INCOME", "kind": "no_confirmed_flag", "kinds": ["RICH_UNCLE"], "limit": 3}
        form = ConditionForm({**row, "subject": "family"}, initial=row)

        assert form.is_valid(), form.errors
        assert ("RICH_UNCLE", "RICH_UNCLE") in form.fields["kinds"].choices
        assert form.row() == {
            "code": "FLAG_INCOME", "kind": "no_confirmed_flag", "kinds": ["RICH_UNCLE"], "subject": "family",
        }  # fmt: skip

    @pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.toml")), ids=lambda path: path.name)
    def test_the_form_of_amounts_gives_back_what_the_text_says(self, path):
        parts = parts_of(path.read_text())
        shown = AmountsForm(parts)

        sent = {field.html_name: field.value() for field in shown if field.value() is not None}
        form = AmountsForm(parts, sent)

        assert form.is_valid(), form.errors
        assert form.table() == parts.get("amounts", {})

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"flat": 1000, "basis": "Perbup 9/2026"}, "period"),
            ({"flat": 1000, "period": "MONTH"}, "basis"),
            ({"period": "MONTH", "basis": "Perbup 9/2026"}, "flat"),
            (
                {"period": "MONTH", "basis": "Perbup 9/2026", "flat": 1, "each_elder": 1, "most_persons": 1},
                "flat",
            ),
            ({"period": "MONTH", "basis": "Perbup 9/2026", "each_elder": 600_000}, "most_persons"),
            ({"period": "MONTH", "basis": "Perbup 9/2026", "each_elder": -1}, "each_elder"),
        ],
    )
    def test_amounts_that_are_half_said_are_told_at_their_cell(self, sent, field):
        parts = {"conditions": [{"kind": "some_of", "components": [{"name": "elder"}]}]}

        form = AmountsForm(parts, {f"jumlah-{name}": value for name, value in sent.items()})

        assert list(form.errors) == [field]

    def test_a_broken_text_is_kept_and_told(self, client, world):
        page = self.start(client, world, text=LOCAL.replace("limit = 3", "limit = tiga"))

        assert "bukan berkas TOML" in page.content.decode()
        assert page.status_code == 200

    def test_text_goes_out_as_it_came_in(self, client, world):
        self.start(client, world, text=LOCAL)
        draft = RuleDraft.objects.get(title="Bantuan beras daerah versi 1")

        answer = client.get(reverse("admin:eligibility_ruledraft_download", args=[draft.pk]))

        assert answer.content.decode() == LOCAL.strip()
        assert "attachment" in answer["Content-Disposition"]

    def test_a_family_is_proposed_and_approved_by_two_people_on_its_page(self, client, world):
        family = world.inside["recipients_family"]
        programme = Programme.objects.get(code="PAKET_DAERAH")
        today = timezone.localdate()
        client.force_login(world.users["office_verifier"])
        page = client.get(reverse("admin:recipients_family_change", args=[family.pk]))
        assert "Usulkan keputusan daerah" in page.content.decode()
        client.post(
            reverse("admin:eligibility_handdecision_ask"),
            {
                "family": family.pk, "subject": programme.pk, "verdict": "ELIGIBLE", "starts_on": today,
                "ends_on": today, "minutes_no": "BA/09", "minutes_on": today, "reason": "rumah roboh karena gempa",
            },
        )  # fmt: skip
        decision = family.hand_decisions.get(programme=programme)
        client.force_login(world.users["office_head"])

        client.post(reverse("admin:eligibility_handdecision_settle", args=[decision.pk]), {"step": "approve"})

        decision.refresh_from_db()
        assert decision.state == "APPROVED"
        page = client.get(reverse("admin:recipients_family_change", args=[family.pk])).content.decode()
        assert "BA/09" in page
        assert "Akhiri mulai hari ini" in page
