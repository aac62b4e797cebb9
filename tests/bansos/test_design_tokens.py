"""Colours are named once: both skins hold the same tokens, and the smaller sheets use them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR, "static/css")


def tokens(name: str) -> dict[str, str]:
    block = re.search(r":root \{(.*?)\}", (CSS / name).read_text(), re.DOTALL)
    assert block
    return dict(re.findall(r"--([a-z-]+):\s*([^;]+);", block[1]))


def test_the_public_and_the_staff_pages_have_the_same_tokens():
    assert len(tokens("public.css")) >= 13
    assert tokens("public.css") == tokens("staff.css")


@pytest.mark.parametrize("name", ["case.css", "letter.css"])
def test_the_smaller_sheets_name_no_colour_that_a_token_has(name):
    sheet = (CSS / name).read_text()
    colours = {value for value in tokens("public.css").values() if value.startswith("#")}

    assert {colour for colour in re.findall(r"#[0-9a-f]{3,6}\b", sheet) if colour in colours} == set()
    assert set(re.findall(r"var\(--([a-z-]+)\)", sheet)) <= set(tokens("public.css"))
