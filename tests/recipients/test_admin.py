"""The staff's pages of the registry: what is logged before it is shown, what leaves as a file, what the words say."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from bansos.common import csvout
from recipients.admin import family as family_admin
from recipients.enums import Access, Direction
from recipients.models import AccessLog, DecileChange, RegistryRelease, WelfareSnapshot
from recipients.roles import OWN_PERMISSIONS, ROLES, TRY_RULES, install_roles
from tests.factories.registry import make_family, make_member, make_release, make_village, no_decile_changes
from tests.factories.staff import World, make_world

pytestmark = pytest.mark.django_db
REASON = "mencocokkan dengan KTP"


@pytest.fixture
def world() -> World:
    return make_world()


def logged_in(world: World, role: str, *, raise_request_exception: bool = True) -> Client:
    client = Client(raise_request_exception=raise_request_exception)
    client.force_login(world.users[role])
    return client


def logs(kind: Access):
    return AccessLog.objects.filter(kind=kind)


def family_page(world: World) -> str:
    return reverse("admin:recipients_family_change", args=[world.inside["recipients_family"].pk])


def reveal_page(world: World, side: str = "inside") -> str:
    return reverse("admin:recipients_family_reveal", args=[getattr(world, side)["recipients_family"].pk])


def break_the_log(monkeypatch):
    def refuse(**_fields):
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr(AccessLog.objects, "create", refuse)


def test_opening_a_family_is_logged(world):
    logged_in(world, "village_operator").get(family_page(world))

    log = logs(Access.OPEN_FAMILY).get()
    assert (log.by, log.family) == (world.users["village_operator"], world.inside["recipients_family"])


def test_a_family_is_not_shown_when_the_log_cannot_be_written(world, monkeypatch):
    break_the_log(monkeypatch)

    answer = logged_in(world, "village_operator", raise_request_exception=False).get(family_page(world))

    assert answer.status_code == 500
    assert "AMAQ DALAM" not in answer.content.decode()


def test_the_family_page_masks_every_number_and_says_the_move_in_words(world):
    text = logged_in(world, "office_verifier").get(family_page(world)).content.decode()

    assert world.numbers["inside_card"] not in text
    assert world.numbers["inside_nik"] not in text
    assert "Data pusat menganggap keluarga ini lebih mampu: desil 4 menjadi 6." in text
    assert "naik desil" not in text
    assert "tidak memenuhi syarat saat ini" in text


@pytest.mark.parametrize("number", ["inside_card", "inside_nik"])
def test_a_full_number_is_shown_for_a_logged_reason(number, world):
    member = {"member": world.inside["member"].pk} if number == "inside_nik" else {}

    answer = logged_in(world, "village_operator").post(reveal_page(world), {"reason": REASON, **member})

    log = logs(Access.REVEAL).get()
    assert world.numbers[number] in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert (log.reason, log.family) == (REASON, world.inside["recipients_family"])
    assert world.numbers[number] not in log.subject


def test_full_numbers_end_for_the_day_in_words_and_the_refusal_is_logged(world, monkeypatch):
    monkeypatch.setattr(family_admin, "MOST_REVEALS", 2)
    client = logged_in(world, "village_operator")
    for _ in range(2):
        assert client.post(reveal_page(world), {"reason": REASON}).status_code == 200

    refused = client.post(reveal_page(world), {"reason": REASON})

    assert refused.status_code == 429
    assert world.numbers["inside_card"] not in refused.content.decode()
    assert "2 nomor lengkap dalam sehari" in refused.content.decode()
    assert logs(Access.REVEAL).count() == 2
    assert logs(Access.OPEN_FAMILY).get().subject == "nomor lengkap ditolak: batas harian"


@pytest.mark.parametrize("reason", ["", "x", "    "])
def test_no_number_without_a_reason(reason, world):
    answer = logged_in(world, "village_operator").post(reveal_page(world), {"reason": reason})

    assert world.numbers["inside_card"] not in answer.content.decode()
    assert not logs(Access.REVEAL).exists()


def test_no_number_when_the_log_cannot_be_written(world, monkeypatch):
    break_the_log(monkeypatch)
    client = logged_in(world, "village_operator", raise_request_exception=False)

    answer = client.post(reveal_page(world), {"reason": REASON})

    assert answer.status_code == 500
    assert world.numbers["inside_card"] not in answer.content.decode()


def test_no_number_of_a_member_of_another_family(world):
    member = world.outside["member"].pk

    answer = logged_in(world, "office_verifier").post(
        reveal_page(world), {"reason": REASON, "member": member}
    )

    assert answer.status_code == 404
    assert not logs(Access.REVEAL).exists()


def test_a_number_typed_as_a_reason_does_not_reach_the_log(world):
    reason = f"warga menyebut {world.numbers['inside_nik']}"

    logged_in(world, "village_operator").post(reveal_page(world), {"reason": reason})

    assert world.numbers["inside_nik"] not in logs(Access.REVEAL).get().reason


@pytest.mark.parametrize("number", ["inside_card", "inside_nik"])
def test_a_number_is_found_by_post_and_never_stands_in_an_address(number, world):
    client = logged_in(world, "village_operator")
    typed = " ".join([world.numbers[number][:8], world.numbers[number][8:]])

    answer = client.post(reverse("admin:recipients_family_search"), {"q": typed})

    assert answer["Location"] == family_page(world)
    assert logs(Access.SEARCH).get().family == world.inside["recipients_family"]


@pytest.mark.parametrize("number", ["outside_card", "outside_nik"])
def test_a_number_from_outside_the_area_looks_like_one_that_nobody_has(number, world):
    client = logged_in(world, "village_operator")
    search = reverse("admin:recipients_family_search")

    outside = client.post(search, {"q": world.numbers[number]}, follow=True)
    unknown = client.post(search, {"q": "5203991205800001"}, follow=True)

    assert outside.redirect_chain == unknown.redirect_chain
    assert [str(m) for m in outside.context["messages"]] == [str(m) for m in unknown.context["messages"]]
    assert list(logs(Access.SEARCH).values_list("family", flat=True)) == [None, None]


def test_a_number_in_the_address_is_led_away_from_it(world):
    address = reverse("admin:recipients_family_changelist")

    answer = logged_in(world, "office_verifier").get(f"{address}?q={world.numbers['inside_nik']}")

    assert answer["Location"] == address


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("dalam", 1), ("AMAQ DAL", 1), ("amaq", 2), ("DALAM LUAR", 0), ("ama%", 0), ("alam", 0), ("am' & | !", 0),
        ("da. am-", 1), ("d'alam", 1), ("()", 2),
    ],
)  # fmt: skip
def test_names_are_found_by_the_beginnings_of_all_their_words(q, found, world):
    address = reverse("admin:recipients_family_changelist")

    answer = logged_in(world, "office_verifier").get(address, {"q": q})

    assert answer.context["cl"].result_count == found


def export(client: Client, query: str = "", reason: str = REASON) -> list[list[str]]:
    answer: Any = client.post(reverse("admin:recipients_decilechange_export") + query, {"reason": reason})
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_an_export_holds_the_filtered_rows_and_is_logged_with_their_number(world):
    rows = export(logged_in(world, "office_verifier"), f"?desa={world.inside['recipients_region'].pk}")

    assert [row[2] for row in rows] == ["kepala_keluarga", "AMAQ DALAM"]
    assert rows[1][7] == "dianggap lebih mampu"
    assert logs(Access.EXPORT).get().rows == 1


def test_an_export_stays_within_the_area_whatever_is_ticked(world):
    outside = world.outside["recipients_decilechange"].pk
    client = logged_in(world, "subdistrict_coordinator")
    address = reverse("admin:recipients_decilechange_export")

    answer = client.post(address, {"reason": REASON, "select_across": "1", "_selected_action": [outside]})

    text = b"".join(answer.streaming_content).decode()
    assert "AMAQ DALAM" in text
    assert "AMAQ LUAR" not in text


def test_an_export_takes_no_other_look_up_than_the_list(world):
    address = reverse("admin:recipients_decilechange_export")

    answer = logged_in(world, "office_verifier").post(
        f"{address}?family__card__index__startswith=x", {"reason": REASON}
    )

    assert answer.status_code == 400
    assert not logs(Access.EXPORT).exists()


def test_no_export_without_a_reason_or_without_the_log(world, monkeypatch):
    address = reverse("admin:recipients_decilechange_export")
    assert logged_in(world, "auditor").post(address, {"reason": ""}).status_code == 302
    assert not logs(Access.EXPORT).exists()

    break_the_log(monkeypatch)
    answer = logged_in(world, "auditor", raise_request_exception=False).post(address, {"reason": REASON})

    assert answer.status_code == 500
    assert b"AMAQ" not in answer.content


@pytest.mark.parametrize(
    "head", ["=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff20", " =", "\u00a0=", "=="]
)
def test_no_cell_of_an_export_starts_like_a_formula(head, world, facts_by_hand):
    name = f"{head}HYPERLINK(1)"
    WelfareSnapshot.objects.filter(family=world.inside["recipients_family"]).update(head_name=name)

    rows = export(logged_in(world, "subdistrict_coordinator"))

    assert rows[1][2] == f"'{name}"


def test_plain_words_and_numbers_leave_as_they_are():
    assert [csvout.neutral(cell) for cell in ("AMAQ SAHRUN", "", None, 5, -3, "RT 01 - RW 02")] == [
        "AMAQ SAHRUN", "", "", "5", "-3", "RT 01 - RW 02",
    ]  # fmt: skip


# --- the home page ------------------------------------------------------------------------------------------


def move(release, village, before, after, direction, crossed=()):
    family = make_family(release=release, village=village, decile=after)
    previous = release.__class__.objects.order_by("as_of").first()
    return DecileChange.objects.create(
        family=family, previous=previous, release=release, village=village, before=before, after=after,
        direction=direction, crossed_ceilings=list(crossed),
    )  # fmt: skip


def test_the_matrix_counts_moves_and_those_who_stayed(world):
    release = world.inside["recipients_registryrelease"]
    village = world.inside["recipients_region"]
    for _ in range(2):
        move(release, village, 6, 3, Direction.DOWN, ["PKH"])
    make_family(release=release, village=village, decile=3)

    matrix = logged_in(world, "office_head").get(reverse("admin:index")).context["matrix"]

    numbers = {
        (row["label"], column): row["cells"][column - 1].text
        for row in matrix["rows"]
        for column in range(1, 11)
    }
    assert {place: text for place, text in numbers.items() if text} == {
        ("4", 6): "2",
        ("6", 3): "2",
        ("3", 3): "1",
    }
    assert matrix["headline"] == "2 keluarga dianggap lebih mampu; 2 di antaranya melewati batas PKH."
    assert matrix["second_line"].startswith(
        "2 keluarga dianggap kurang mampu. 2 keluarga kini masuk batas PKH."
    )


def test_every_cell_opens_a_list_of_as_many_families_as_it_says(world):
    release, village = world.inside["recipients_registryrelease"], world.inside["recipients_region"]
    move(release, village, 6, 3, Direction.DOWN, ["PKH"])
    move(release, village, None, 2, Direction.NEWLY_RANKED)
    make_family(release=release, village=village, decile=3)
    client = logged_in(world, "village_operator")

    matrix = client.get(reverse("admin:index")).context["matrix"]

    cells = [cell for row in matrix["rows"] for cell in row["cells"] if cell.text]
    assert len(cells) == 4
    for cell in cells:
        assert client.get(cell.url).context["cl"].result_count == int(cell.text), cell.words


def test_the_headline_says_so_when_nobody_is_judged_better_off(world):
    no_decile_changes()

    matrix = logged_in(world, "auditor").get(reverse("admin:index")).context["matrix"]

    assert matrix["headline"] == "Tidak ada keluarga yang dianggap lebih mampu di rilis ini."


def test_the_home_page_stands_before_the_first_release(client, django_user_model):
    install_roles()
    from tests.factories.staff import make_user

    client.force_login(make_user("office_head"))

    answer = client.get(reverse("admin:index"))

    assert answer.status_code == 200
    assert "Belum ada rilis" in answer.content.decode()


def test_the_home_page_asks_a_fixed_number_of_questions(world, django_assert_max_num_queries):
    release, village = world.inside["recipients_registryrelease"], world.inside["recipients_region"]
    for after in range(3, 9):
        move(release, village, 2, after, Direction.UP, ["PKH"])

    client = logged_in(world, "office_head")
    with django_assert_max_num_queries(35):
        client.get(reverse("admin:index"))


def test_the_family_list_asks_a_fixed_number_of_questions(world, django_assert_max_num_queries):
    release, village = world.inside["recipients_registryrelease"], world.inside["recipients_region"]
    for _ in range(20):
        make_family(release=release, village=village)

    client = logged_in(world, "office_head")
    with django_assert_max_num_queries(20):
        client.get(reverse("admin:recipients_family_changelist"))


def test_a_search_by_number_and_the_page_it_opens_ask_a_fixed_number_of_questions(
    world, django_assert_max_num_queries
):
    client = logged_in(world, "village_operator")
    search = reverse("admin:recipients_family_search")
    with django_assert_max_num_queries(
        8
    ):  # session, account, two of rights, two looks, the log, the session's end
        answer = client.post(search, {"q": world.numbers["inside_nik"]})

    family = world.inside["recipients_family"]
    for born in (date(2015, 1, 1), date(2016, 2, 2), date(2017, 3, 3)):
        make_member(family, release=world.inside["recipients_registryrelease"], born=born)
    with django_assert_max_num_queries(25):
        client.get(answer["Location"])


# --- roles --------------------------------------------------------------------------------------------------


def test_installing_the_roles_again_changes_nothing():
    install_roles()
    first = snapshot_of_roles()

    install_roles()

    assert snapshot_of_roles() == first
    assert set(first) == set(ROLES)


def snapshot_of_roles() -> dict[str, set[str]]:
    from django.contrib.auth.models import Group

    return {
        group.name: set(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()
    }


def test_who_keys_and_who_approves_differ():
    for role, permissions in ROLES.items():
        assert not {"recipients.add_importbatch", "recipients.approve_importbatch"} <= set(permissions), role
        assert not {"objections.handle_objection", "objections.decide_objection"} <= set(permissions), role


def test_the_auditor_only_reads_and_the_system_admin_sees_no_case():
    of_reading = set(ROLES["auditor"]) - {
        TRY_RULES
    }  # a trial decides nothing, and an auditor asks "what if" too
    verbs = {name.split(".")[1].split("_")[0] for name in of_reading}

    assert verbs <= {"view", "see", "reveal", "export"}
    assert not {
        name for name in ROLES["system_admin"] if "family" in name or "decile" in name or "decision" in name
    }
    assert set(OWN_PERMISSIONS) <= {name for permissions in ROLES.values() for name in permissions}


def test_the_moment_of_a_look_is_named_in_local_time(world):
    log = AccessLog(kind=Access.SEARCH, at=datetime(2026, 1, 1, 17, 30, tzinfo=UTC))

    assert str(log) == "SEARCH 2026-01-02 01:30"


def test_demo_logins_are_made_and_never_on_a_real_database(settings, capsys):
    make_village("Kesik", "Masbagik")
    call_command("load_demo_staff", "--json")
    call_command("load_demo_staff")
    assert '"username": "operator.kesik"' in capsys.readouterr().out

    settings.IS_DEMO = False
    with pytest.raises(CommandError):
        call_command("load_demo_staff")


def test_a_dropped_family_keeps_its_page_and_says_so(world):
    family = make_family(release=RegistryRelease.objects.get(label="2025-Q4"))
    WelfareSnapshot.objects.filter(family=family).update(
        until_release=world.inside["recipients_registryrelease"]
    )
    address = reverse("admin:recipients_family_change", args=[family.pk])

    text = logged_in(world, "office_head").get(address).content.decode()

    assert "Keluarga ini tidak ada di rilis terakhir." in text


def test_a_family_that_moved_shows_both_steps_and_its_last_name(world):
    first, second = RegistryRelease.objects.order_by("as_of")
    family = make_family(release=first, decile=2, head_name="NAMA LAMA")
    old = family.snapshots.get()
    WelfareSnapshot.objects.filter(pk=old.pk).update(until_release=second)
    WelfareSnapshot.objects.create(
        family=family, from_release=second, village=family.village, decile=5, head_name="NAMA BARU", row_key=1
    )
    DecileChange.objects.create(
        family=family, previous=first, release=second, village=family.village, before=2, after=5,
        direction=Direction.UP, crossed_ceilings=["PKH"],
    )  # fmt: skip
    client = logged_in(world, "office_head")

    answer = client.get(reverse("admin:recipients_family_change", args=[family.pk]))

    assert answer.context["title"] == "NAMA BARU"
    assert [step.sentence for step in answer.context["steps"]] == [
        "Data pusat menganggap keluarga ini lebih mampu: desil 2 menjadi 5.",
        "Pertama kali tercatat di data pusat, di desil 2.",
    ]
    assert "Sekarang desil 5, dulu desil 2." in answer.content.decode()


def test_a_family_that_is_gone_is_listed_by_its_last_name(world):
    first, second = RegistryRelease.objects.order_by("as_of")
    third = make_release("2026-Q2", date(2026, 4, 20))
    family = make_family(release=first, head_name="NAMA LAMA")
    WelfareSnapshot.objects.filter(family=family).update(until_release=second)
    WelfareSnapshot.objects.create(
        family=family, from_release=second, until_release=third, village=family.village, head_name="NAMA AKHIR",
        row_key=1,
    )  # fmt: skip
    DecileChange.objects.create(
        family=family,
        previous=second,
        release=third,
        village=family.village,
        before=3,
        direction=Direction.DROPPED,
    )

    text = (
        logged_in(world, "office_head")
        .get(reverse("admin:recipients_decilechange_changelist"))
        .content.decode()
    )

    assert "NAMA AKHIR" in text
    assert "NAMA LAMA" not in text
