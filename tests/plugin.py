"""Loaded before Django: the tests run on embedded servers of their own, without fsync, beside the demo's data."""

import os

from bansos import embedded

if not os.environ.get("DATABASE_URL"):
    if not os.environ.get("BANSOS_TEST_SERVERS"):
        os.environ["BANSOS_DATA_DIR"] = os.environ["BANSOS_TEST_SERVERS"] = str(embedded.data_dir() / "test")
    os.environ["BANSOS_EMBEDDED_FSYNC"] = "off"
embedded.use()
