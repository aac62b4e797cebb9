"""Every role at every address of the staff's site, inside and outside its area, by the table in access_rules.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from bansos.access_rules import AREA_CASES, POST_ONLY, PUBLIC, RULES, WHOLE_DISTRICT_CASES
from recipients.models import AccessLog, DecileChange, Family
from recipients.roles import ROLES
from tests.factories.staff import INSIDE_NAME, OUTSIDE_NAME, World, make_world

pytestmark = pytest.mark.django_db
AREA_MODELS = {
    "recipients_family",
    "recipients_decilechange",
    "recipients_updateproposal",
    "objections_remedy",
    "objections_fieldvisit",
    "eligibility_eligibilitydecision",
    "eligibility_handdecision",
    "eligibility_finding",
    "objections_objection",
    "objections_letter",
    "objections_familyletter",
    "objections_musdes",
    "objections_warnings",
    "objections_attachment",
    "recipients_region",
}
UNNAMED = {"<path:object_id>/", "(?P<url>.*)$"}  # stock redirects to the change page; the catch-all


@pytest.fixture
def world() -> World:
    return make_world()


def staff_patterns() -> list[URLPattern]:
    resolvers = [entry for entry in get_resolver().url_patterns if isinstance(entry, URLResolver)]
    return list(_flat(next(entry for entry in resolvers if entry.namespace == "admin")))


def _flat(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _flat(entry)
        else:
            yield entry


def names() -> list[str]:
    return sorted({pattern.name for pattern in staff_patterns() if pattern.name})


def model_of(name: str) -> str:
    return "_".join(name.split("_")[:2])


def address_of(name: str, row: Any) -> str:
    """The address of the page; `row` for those that are about one row."""
    if name == "app_list":
        return reverse("admin:app_list", args=["recipients"])
    if name == "view_on_site":
        return reverse("admin:view_on_site", args=[1, 1])
    if name == "autocomplete":
        query = "?app_label=recipients&model_name=staffarea&field_name=region&term=a"
        return reverse("admin:autocomplete") + query
    takes_row = next(p for p in staff_patterns() if p.name == name).pattern.converters
    return reverse(f"admin:{name}", args=[row.pk] if takes_row else [])


def ask(client: Client, name: str, row: Any) -> Any:
    if name not in POST_ONLY:
        return client.get(address_of(name, row))
    return client.post(address_of(name, row), {"reason": "pemeriksaan berkala", "q": "AMAQ"})


def takes_row(name: str) -> bool:
    return bool(next(p for p in staff_patterns() if p.name == name).pattern.converters)


def test_every_address_of_the_staff_site_has_a_rule():
    missing = [name for name in names() if name not in RULES and name not in PUBLIC]

    assert missing == [], "Say in bansos/access_rules.py who may open these"
    assert {str(p.pattern) for p in staff_patterns() if not p.name} <= UNNAMED


def test_nobody_in_particular_is_sent_to_the_login_page(client, world):
    for name in names():
        if name in PUBLIC:
            continue
        answer = ask(client, name, world.inside.get(model_of(name)))

        assert answer.status_code == 302, name
        assert answer["Location"].startswith(reverse("admin:login")), name
    assert AccessLog.objects.exclude(pk=world.inside["recipients_accesslog"].pk).count() == 0


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_its_rule_says_inside_its_area_and_nothing_else(role, world):
    wrong = []
    client = logged_in(world, role)
    for name in names():
        if name in PUBLIC or name == "app_list":
            continue
        status = ask(client, name, world.inside.get(model_of(name))).status_code
        is_open = status in (200, 302, 409)  # 409: may be here, but not take that step now
        if is_open != (role in RULES[name]) or status >= 500:
            wrong.append((name, status))

    assert wrong == []


@pytest.mark.parametrize("role", sorted(AREA_CASES | {"assisted_agent"}))
def test_what_lies_outside_the_area_is_not_there(role, world):
    client = logged_in(world, role)
    for name in names():
        if model_of(name) not in AREA_MODELS or not takes_row(name):
            continue
        row = world.outside[model_of(name)]
        seen = {client.get(address_of(name, row)).status_code, client.post(address_of(name, row)).status_code}

        assert seen <= {403, 404, 405}, name
    assert not AccessLog.objects.filter(by=world.users[role]).exists()


@pytest.mark.parametrize("role", sorted(AREA_CASES))
def test_an_unknown_row_and_one_outside_answer_alike(role, world):
    client = logged_in(world, role)
    page = "admin:recipients_family_change"

    outside = client.get(reverse(page, args=[world.outside["recipients_family"].pk]))
    unknown = client.get(reverse(page, args=[987654]))

    assert outside.status_code == unknown.status_code == 404
    assert outside.content == unknown.content


@pytest.mark.parametrize("typed", ["abc", "9" * 30])
def test_an_address_that_is_no_number_leads_to_no_row_and_to_no_error(typed, world):
    changes = [name for name in names() if name.endswith("_change") and takes_row(name)]

    for role in ("auditor", "system_admin", "office_head"):
        client = logged_in(world, role)
        for name in (one for one in changes if role in RULES[one]):
            assert client.get(reverse(f"admin:{name}", args=[typed])).status_code in (302, 404), (role, name)


@pytest.mark.parametrize("role", sorted(WHOLE_DISTRICT_CASES))
def test_office_roles_open_families_of_every_village(role, world):
    client = logged_in(world, role)

    for side in (world.inside, world.outside):
        address = reverse("admin:recipients_family_change", args=[side["recipients_family"].pk])
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_no_read_only_page_takes_a_forged_change(role, world):
    client = logged_in(world, role)
    change = world.inside["recipients_decilechange"]
    family = world.inside["recipients_family"]

    for name, row in (("recipients_decilechange", change), ("recipients_family", family)):
        client.post(reverse(f"admin:{name}_change", args=[row.pk]), {"after": 1, "village": 1, "_save": "1"})
        client.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"})
        client.post(reverse(f"admin:{name}_add"), {"after": 1})

    assert DecileChange.objects.get(pk=change.pk).after == 6
    assert Family.objects.count() == 2


@pytest.mark.parametrize("role", sorted(AREA_CASES))
@pytest.mark.parametrize("model", sorted(AREA_MODELS - {"recipients_region", "objections_warnings"}))
def test_lists_and_counts_hold_the_own_area_only(role, model, world):
    if f"{model}_changelist" not in names():
        pytest.skip("the part that brings this list is not here")
    answer = logged_in(world, role).get(reverse(f"admin:{model}_changelist"))

    assert answer.context["cl"].result_count == 1
    assert OUTSIDE_NAME not in answer.content.decode()
    assert "Sandubaya" not in answer.content.decode()
    assert "Selong" not in answer.content.decode()


def test_the_same_list_shows_the_whole_district_to_the_office(world):
    answer = logged_in(world, "office_verifier").get(reverse("admin:recipients_family_changelist"))

    assert answer.context["cl"].result_count == 2
    assert INSIDE_NAME in answer.content.decode()
    assert OUTSIDE_NAME in answer.content.decode()
    assert "Sandubaya" in answer.content.decode()


def test_the_home_page_counts_the_own_area_only(world):
    mine = logged_in(world, "village_operator").get(reverse("admin:index")).context["matrix"]
    all_of_it = logged_in(world, "office_head").get(reverse("admin:index")).context["matrix"]

    assert (mine["total"], all_of_it["total"]) == (1, 2)
    assert (mine["bars"][0]["lost"], all_of_it["bars"][0]["lost"]) == (1, 2)


@pytest.mark.parametrize(
    "query", ["kecamatan={sub}", "desa={village}", "kecamatan={sub}&desa={village}", "desil=6&desa={village}"]
)
def test_filters_do_not_reach_outside_the_area(query, world):
    village = world.outside["recipients_region"]
    query = query.format(sub=village.parent_id, village=village.pk)

    for name in ("recipients_family", "recipients_decilechange", "eligibility_eligibilitydecision"):
        if "desil=" in query and name != "recipients_family":
            continue
        address = reverse(f"admin:{name}_changelist")
        answer = logged_in(world, "village_operator").get(f"{address}?{query}")
        assert answer.context["cl"].result_count == 0
        assert OUTSIDE_NAME not in answer.content.decode()


LOOKUPS = [
    "card__index=x", "card__index__startswith=x", "card__sealed__contains=x", "memberships__person__nik__index=x",
    "memberships__name__startswith=A", "village__name__startswith=K", "village__code=52.03", "pk__in=1,2", "id=1",
    "snapshots__head_name__regex=.", "snapshots__decile__gte=3", "family__card__index=x",
    "family__memberships__person__nik__sealed__gte=x", "decisions__verdict=ELIGIBLE", "objections__nik_index=x",
    "nik__startswith=5203", "nik__regex=.", "password__startswith=x", "user__password__startswith=x",
    "by__password__startswith=x", "received_by__password__startswith=x", "sealed_row__startswith=x",
]  # fmt: skip


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_no_list_takes_a_look_up_that_is_not_a_declared_filter(lookup, world):
    clients = {role: logged_in(world, role) for role in ("auditor", "system_admin", "village_operator")}
    for name in names():
        if not name.endswith("_changelist"):
            continue
        for role, client in clients.items():
            if role in RULES[name]:
                answer = client.get(f"{reverse(f'admin:{name}')}?{lookup}")
                assert answer.status_code == 400, (name, role)


@pytest.mark.parametrize("order", ["1", "-1", "2.3", "-5", "99", "x"])
def test_lists_of_families_cannot_be_ordered_by_what_is_hidden(order, world):
    client = logged_in(world, "office_verifier")
    address = reverse("admin:recipients_family_changelist")

    plain = [row.pk for row in client.get(address).context["cl"].result_list]
    ordered = [row.pk for row in client.get(f"{address}?o={order}").context["cl"].result_list]

    assert ordered == plain


@pytest.mark.parametrize("role", ROLES)
def test_autocomplete_offers_the_own_area_and_all_of_it_to_whoever_hands_out_areas(role, world):
    query = "?app_label=recipients&model_name=staffarea&field_name=region&term="
    client, address = logged_in(world, role), reverse("admin:autocomplete") + query

    found = {row["text"] for row in client.get(address + "Sandubaya").json()["results"]}

    assert found == ({"Sandubaya"} if role in WHOLE_DISTRICT_CASES | {"system_admin"} else set())


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"system_admin"}))
def test_autocomplete_names_no_staff_to_other_roles(role, world):
    query = "?app_label=recipients&model_name=staffarea&field_name=user&term="

    assert logged_in(world, role).get(reverse("admin:autocomplete") + query).status_code == 403


def test_a_choice_neither_offers_nor_accepts_a_family_from_outside(world, rf):
    from bansos.common.admin import AreaAdmin

    request = rf.get("/")
    request.user = world.users["village_operator"]
    view = AreaAdmin(DecileChange, admin.site)
    choice = view.formfield_for_foreignkey(DecileChange._meta.get_field("family"), request)

    assert list(choice.queryset) == [world.inside["recipients_family"]]
    with pytest.raises(Exception, match=r"valid|pilihan"):
        choice.clean(world.outside["recipients_family"].pk)


def test_a_system_admin_does_not_lift_the_own_rights(world):
    client = logged_in(world, "system_admin")
    me = world.users["system_admin"]
    page = reverse("admin:auth_user_change", args=[me.pk])

    answer = client.post(
        page, {"username": me.username, "is_superuser": "on", "is_staff": "on", "is_active": "on"}
    )

    me.refresh_from_db()
    assert answer.status_code == 403
    assert not me.is_superuser


def test_a_login_made_in_the_browser_is_never_a_superuser(world):
    client = logged_in(world, "system_admin")
    other = world.inside["auth_user"]
    page = reverse("admin:auth_user_change", args=[other.pk])
    inline = {
        f"areas-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }

    client.post(
        page,
        {"username": "petugas.lain", "is_superuser": "on", "is_staff": "on", "is_active": "on", **inline},
    )

    other.refresh_from_db()
    assert not other.is_superuser


def logged_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client
