"""What is logged carries no identifier and stays on its line."""

from __future__ import annotations

import logging
import sys

from bansos.common.scrub import ScrubIdentifiers

NIK = "5203995212809001"


def scrubbed(message: str, *args: object, exc_info: object = None) -> str:
    record = logging.LogRecord("bansos", logging.ERROR, __file__, 1, message, args, exc_info)
    ScrubIdentifiers().filter(record)
    return logging.Formatter().format(record)


def test_an_identifier_is_cut_out_of_message_and_arguments():
    assert NIK not in scrubbed(f"saw {NIK} twice")
    assert NIK not in scrubbed("saw %s of %s", NIK, {"nik": NIK})


def test_an_identifier_is_cut_out_of_a_traceback():
    try:
        raise ValueError(f"bad {NIK}")
    except ValueError:
        text = scrubbed("failed", exc_info=sys.exc_info())

    assert NIK not in text
    assert "ValueError: bad [disamarkan]" in text


def test_longer_and_shorter_numbers_stay():
    assert "12345678901234567" in scrubbed("batch 12345678901234567")
    assert "52039952" in scrubbed("region 52039952")


def test_a_forged_line_break_stays_on_its_line():
    assert scrubbed("name %s", "x\nERROR forged\r\x1b[2J") == "name x\\nERROR forged\\r\\e[2J"


def test_every_handler_of_the_project_scrubs():
    from django.conf import settings

    handlers = settings.LOGGING["handlers"].values()
    assert handlers
    assert all("scrub" in handler["filters"] for handler in handlers)
