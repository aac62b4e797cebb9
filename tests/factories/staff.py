"""A small district seen by one person of every role: a family inside the areas of work, one outside."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType

from bansos.common import vault
from bansos.common.models import Job, Message, ShelvedMessage
from eligibility.models import (
    Finding,
    HandDecision,
    ReverificationRun,
    RuleDraft,
    RuleSet,
    Trial,
    Verdict,
)
from objections.attachments import keeping
from objections.models import (
    Attachment,
    AudioClip,
    FieldVisit,
    Holiday,
    Letter,
    LetterTemplate,
    Musdes,
    MusdesItem,
    Objection,
    OfficeRule,
    Remedy,
    ServiceTime,
    VillageHelp,
)
from objections.models.letter import seal_text
from recipients.enums import Access, Basis, Direction
from recipients.importing import storage
from recipients.models import (
    AccessLog,
    CodeBook,
    DecileCeiling,
    DecileChange,
    Enrolment,
    ExternalFlag,
    ImportBatch,
    ImportRow,
    ListDelivery,
    ListRow,
    PayoutRecord,
    Programme,
    ProposalPack,
    ProposedStep,
    Quota,
    StaffArea,
    SubmissionWindow,
    Tolerance,
    UpdateProposal,
)
from recipients.roles import ROLES, install_roles
from tests.factories.decisions import make_decision
from tests.factories.registry import (
    WITA,
    make_card_no,
    make_family,
    make_member,
    make_nik,
    make_release,
    make_village,
)

NOON = datetime(2026, 1, 23, 12, tzinfo=WITA)
INSIDE_NAME, OUTSIDE_NAME = "AMAQ DALAM", "AMAQ LUAR"
AREA_ROLES = {
    "village_operator": "village",
    "facilitator": "village",
    "assisted_agent": "village",
    "subdistrict_coordinator": "subdistrict",
}


@dataclass
class World:
    users: dict[str, User] = field(default_factory=dict)
    inside: dict[str, Any] = field(default_factory=dict)  # "app_model" -> a row in the areas of work
    outside: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)


def make_user(role: str, *, name: str = "", area: Any = None) -> User:
    user = User.objects.create(username=name or role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    if area is not None:
        StaffArea.objects.create(user=user, region=area)
    return user


def make_world() -> World:
    install_roles()
    world = World()
    kesik, selong = make_village("Kesik", "Masbagik"), make_village("Sandubaya", "Selong")
    for role in ROLES:
        area = {"village": kesik, "subdistrict": kesik.parent}.get(AREA_ROLES.get(role, ""))
        world.users[role] = make_user(role, area=area)
    before = make_release("2025-Q4", date(2025, 10, 20))
    release = make_release("2026-Q1", date(2026, 1, 23))
    rules = _make_rules()
    world.inside = _make_case(world, "inside", kesik, INSIDE_NAME, before, release, rules)
    world.outside = _make_case(world, "outside", selong, OUTSIDE_NAME, before, release, rules)
    world.inside |= _make_office_rows(world, release, rules)
    return world


def _make_rules() -> RuleSet:
    programme = Programme.objects.create(code="PKH", name="PKH", unit="FAMILY", owner="Kemensos")
    return RuleSet.objects.create(
        programme=programme,
        version=1,
        effective_from=date(2025, 1, 1),
        legal_basis="contoh",
        conditions=[{"kind": "at_most", "fact": "decile", "limit": 4, "code": "DECILE"}],
        source_file="pkh.toml",
    )


def _make_case(
    world: World, side: str, village: Any, name: str, before: Any, release: Any, rules: RuleSet
) -> dict[str, Any]:
    card, nik = make_card_no(), make_nik()
    world.numbers |= {f"{side}_card": card, f"{side}_nik": nik}
    family = make_family(release=before, village=village, decile=6, head_name=name, card_no=card)
    member = make_member(family, release=before, nik=nik, name=name, relation=1)
    change = DecileChange.objects.create(
        family=family, previous=before, release=release, village=village, before=4, after=6,
        direction=Direction.UP, crossed_ceilings=["PKH"],
    )  # fmt: skip
    decision = make_decision(
        programme=rules.programme, family=family, subdistrict=village.parent, verdict=Verdict.INELIGIBLE,
        findings=[{"code": "DECILE", "verdict": "INELIGIBLE", "seen": 6, "limit": 4, "source": "2026-Q1"}],
        rule_set=rules, release=release, as_of=date(2026, 1, 23),
    )  # fmt: skip
    objection = _make_objection(f"SGH-26-{side[:4].upper()}-2", family, nik)
    enrolment = Enrolment.objects.create(
        programme=rules.programme, family=family, state="ACTIVE", since=date(2025, 10, 20)
    )
    return {
        "recipients_family": family,
        "objections_familyletter": family,
        "objections_letter": _make_letter(objection),
        "objections_musdes": _make_musdes(objection, world.users["office_verifier"]),
        "objections_warnings": village,
        "objections_attachment": _make_attachment(objection),
        "member": member,
        "recipients_decilechange": change,
        "recipients_region": village,
        "recipients_enrolment": enrolment,
        "recipients_payoutrecord": PayoutRecord.objects.create(
            enrolment=enrolment, period="2026-Q1", state="PAID", amount=600_000
        ),
        "recipients_externalflag": ExternalFlag.objects.create(
            family=family, kind="POWER_HIGH", source="PLN", observed_on=date(2026, 1, 5)
        ),
        "recipients_proposedstep": _make_step(enrolment, world.users["office_verifier"]),
        "eligibility_eligibilitydecision": decision,
        "eligibility_handdecision": _make_hand_decision(family, rules, world.users["office_verifier"]),
        "recipients_updateproposal": _make_proposal(side, family, world.users["office_verifier"]),
        "objections_objection": objection,
        "objections_fieldvisit": FieldVisit.objects.create(
            objection=objection,
            for_day=date(2026, 1, 26),
            visitor=world.users["facilitator"],
            planned_by=world.users["office_verifier"],
        ),
        "objections_remedy": Remedy.objects.create(
            objection=objection, kind="ELSEWHERE", note="contoh", made_by=world.users["office_verifier"]
        ),
        "eligibility_finding": Finding.objects.create(
            kind="ORPHAN_MEMBERS",
            subject_key=f"family:{family.pk}",
            family=family,
            subdistrict=village.parent,
            evidence={"members": 2},
            digest="0" * 32,
        ),
    }


def _make_step(enrolment: Enrolment, by: User) -> ProposedStep:
    """One that was taken back, so that nothing waits."""
    return ProposedStep.objects.create(
        kind="MOVE", family=enrolment.family, enrolment=enrolment, to="SUSPENDED", note="contoh", proposed_by=by,
        state="WITHDRAWN", settled_by=by,
    )  # fmt: skip


def _make_hand_decision(family: Any, rules: RuleSet, by: User) -> HandDecision:
    return HandDecision.objects.create(
        programme=rules.programme, family=family, verdict=Verdict.ELIGIBLE, starts_on=date(2026, 2, 1),
        ends_on=date(2026, 4, 30), minutes_no="BA/01", minutes_on=date(2026, 1, 24), reason="rumah roboh",
        proposed_by=by,
    )  # fmt: skip


def _make_proposal(side: str, family: Any, by: User) -> UpdateProposal:
    return UpdateProposal.objects.create(
        number=f"USUL-26-{side[:4].upper()}",
        family=family,
        changed_facts=[
            {"field": "floor_type", "person": None, "recorded": None, "proposed": 8, "note": "contoh"}
        ],
        basis=Basis.MINUTES,
        basis_ref="140/1",
        basis_on=date(2026, 1, 24),
        made_by=by,
    )


def _make_objection(receipt_no: str, family: Any, nik: str) -> Objection:
    return Objection.objects.create(
        receipt_no=receipt_no,
        pin_hash="-",
        reasons=["UNKNOWN"],
        birth_date=date(1980, 5, 12),
        nik_sealed=vault.encrypt(vault.NIK, nik),
        nik_index=vault.blind_index(vault.NIK, nik),
        village=family.village,
        family=family,
        form_key=uuid.uuid4(),
        clock_from=date(2026, 1, 12),
        answer_days=14,
        due_on=date(2026, 2, 1),
        answer_by=date(2026, 2, 1),
    )


def _make_musdes(objection: Objection, by: User) -> Musdes:
    made = Musdes.objects.create(
        village=objection.village,
        held_on=date(2026, 1, 24),
        place="contoh",
        minutes_no="BA/1",
        closed_at=NOON,
        made_by=by,
    )
    MusdesItem.objects.create(musdes=made, objection=objection, result="AGREED")
    stored = keeping.FOLDER.store("", [b"contoh"])
    Attachment.objects.create(
        form_key=made.form_key, musdes=made, kind="PAPER", place=1, media_type="application/pdf", by=by,
        key=stored.key, sha256=stored.sha256, size=stored.size, scan="NOT_SET_UP",
    )  # fmt: skip
    return made


def _make_letter(objection: Objection) -> Letter:
    key = f"contoh:{objection.pk}"
    template = LetterTemplate.objects.in_force("NEWS")
    return Letter.objects.create(
        key=key,
        objection=objection,
        template=template,
        text_sealed=seal_text("contoh", key),
        made_at=NOON,
    )


def _make_attachment(objection: Objection) -> Attachment:
    stored = keeping.FOLDER.store("", [b"contoh"])
    return Attachment.objects.create(
        form_key=objection.form_key, objection=objection, kind="PHOTO", place=1, media_type="image/jpeg",
        key=stored.key, sha256=stored.sha256, size=stored.size, scan="NOT_SET_UP",
    )  # fmt: skip


def _make_office_rows(world: World, release: Any, rules: RuleSet) -> dict[str, Any]:
    """Rows that belong to no village."""
    batch = ImportBatch.objects.create(
        release_label="2026-Q2", as_of=date(2026, 4, 20), family_file_name="keluarga.csv", family_sha256="0" * 64,
        family_stored="-", received_by=world.users["data_admin"],
    )  # fmt: skip
    daftar = ListDelivery.objects.create(
        kind="FLAGS", source="Dukcapil", as_of=date(2026, 2, 1), file_name="daftar.csv", sha256="0" * 64,
        stored=storage.store("daftar.csv", [b"nik\n1\n"]).key, received_by=world.users["data_admin"],
    )  # fmt: skip
    plain = User.objects.create(username="petugas.lain", is_staff=True)
    return {
        "recipients_importbatch": batch,
        "recipients_import": batch,
        "recipients_proposalpack": ProposalPack.objects.create(
            number="KIRIM-26-0001",
            made_by=world.users["office_verifier"],
            proposal_count=0,
            stored=_store_empty_pack(),
            sha256="0" * 64,
            size=0,
        ),
        "eligibility_release": batch,
        "recipients_importrow": ImportRow.objects.create(
            batch=batch, file="FAMILY", line=2, column="desil_nasional", code="DECILE_RANGE", message="contoh"
        ),
        "recipients_listdelivery": daftar,
        "recipients_list": daftar,
        "recipients_listrow": ListRow.objects.create(
            delivery=daftar, line=2, code="NOT_FOUND", message="contoh", is_work=True
        ),
        "recipients_registryrelease": release,
        "recipients_decileceiling": DecileCeiling.objects.create(
            programme=rules.programme, ceiling=4, effective_from=date(2025, 1, 1)
        ),
        "recipients_accesslog": AccessLog.objects.create(by=plain, kind=Access.PRINT_LETTER),
        "recipients_staffarea": StaffArea.objects.first(),
        "recipients_submissionwindow": SubmissionWindow.objects.create(
            name="contoh", from_day=1, to_day=11, valid_from=date(2026, 1, 1), basis="contoh"
        ),
        "objections_lettertemplate": LetterTemplate.objects.create(
            kind="NEWS", version=2, title="contoh", body="contoh", written_by=world.users["office_verifier"]
        ),
        "objections_audioclip": AudioClip.objects.create(
            about="HOME_ID",
            version=1,
            sound=b"contoh",
            media_type="audio/webm",
            transcript="contoh",
            written_by=world.users["office_verifier"],
        ),
        "objections_officerule": OfficeRule.objects.create(
            name="EVIDENCE_YEARS",
            version=1,
            value=10,
            basis="contoh",
            written_by=world.users["office_verifier"],
        ),
        "objections_holiday": Holiday.objects.create(day=date(2026, 3, 9), name="contoh", decree="contoh"),
        "objections_villagehelp": VillageHelp.objects.create(
            region=world.inside["recipients_region"], role="OPERATOR", name="Amaq Contoh", hours="contoh"
        ),
        "objections_servicetime": ServiceTime.objects.get_or_create(
            step="TRIAGE", defaults={"working_days": 3, "basis": "contoh"}
        )[0],
        "recipients_tolerance": Tolerance.objects.get_or_create(
            code="MISSING_SHARE", defaults={"value": 5, "basis": "contoh"}
        )[0],
        "recipients_codebook": CodeBook.objects.create(
            source="CONTOH", version=1, basis="contoh", made_by=world.users["data_admin"]
        ),
        "eligibility_ruleset": rules,
        "eligibility_ruledraft": RuleDraft.objects.create(
            title="PKH versi 2", text="[programme]", written_by=world.users["data_admin"]
        ),
        "eligibility_reverificationrun": ReverificationRun.objects.create(
            scope="all", as_of=date(2026, 1, 23), reason="malam", state="DONE", release=release
        ),
        "eligibility_trial": Trial.objects.create(
            asked_by=world.users["office_head"], as_of=date(2026, 1, 23), compared=[], release=release
        ),
        "recipients_quota": Quota.objects.create(
            programme=rules.programme, region=world.inside["recipients_region"], period="2026-Q1", amount=1
        ),
        "common_job": Job.objects.create(kind="contoh", key="1"),
        "common_message": Message.objects.create(
            key="contoh:1", template="contoh", channel="EMAIL", user=plain, posted_at=NOON, next_try=NOON
        ),
        "common_shelvedmessage": ShelvedMessage.objects.create(
            key="contoh:1", channel="EMAIL", body="contoh"
        ),
        "auth_user": plain,
        "auth_group": Group.objects.get(name="auditor"),
        "admin_logentry": LogEntry.objects.create(
            user=world.users["system_admin"],
            content_type=ContentType.objects.get_for_model(User),
            object_id=str(plain.pk),
            object_repr=str(plain),
            action_flag=ADDITION,
        ),
    }


def _store_empty_pack() -> str:
    return storage.store("contoh.zip", [b"contoh"]).key
