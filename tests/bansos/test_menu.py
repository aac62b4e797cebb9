"""The staff's menu: every list that a person may open, once; few enough entries for one row."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from recipients.roles import LABELS, install_roles
from tests.factories.staff import make_user

pytestmark = pytest.mark.django_db
MOST_IN_A_ROW = 9


@pytest.mark.parametrize("role", sorted(LABELS))
def test_the_menu_holds_every_list_of_the_role_once_and_few_entries(role):
    install_roles()
    client = Client()
    client.force_login(make_user(role))

    page = client.get(reverse("admin:password_change"))

    menu = page.context["menu"]
    links = [link["url"] for entry in menu for link in entry.get("links", [entry])]
    request = page.wsgi_request
    seen = [one for one in admin.site._registry.values() if one.has_view_or_change_permission(request)]
    names = [f"admin:{one.opts.app_label}_{one.opts.model_name}_changelist" for one in seen]
    assert sorted(links) == sorted(map(reverse, names))
    assert len(menu) <= MOST_IN_A_ROW
