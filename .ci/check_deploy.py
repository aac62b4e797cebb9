"""`manage.py check --deploy` as production would see it: keys made for the moment, no server contacted."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def production_like() -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("BANSOS_")}
    return given | {
        "DATABASE_URL": "postgresql://bansos:-@database/bansos",
        "REDIS_URL": "redis://broker:6379/0",
        "BANSOS_SECRET_KEY": secrets.token_urlsafe(48),
        "BANSOS_VAULT_KEYS": f"1:{b64encode(secrets.token_bytes(32)).decode()}",
        "BANSOS_INDEX_KEY": b64encode(secrets.token_bytes(32)).decode(),
        "BANSOS_HOSTS": "bansos.example.go.id",
        "BANSOS_SMTP_URL": "smtp://mail:25",
        "BANSOS_GATEWAY_URL": "https://gateway.example.go.id/send",
    }


if __name__ == "__main__":
    command = [sys.executable, str(ROOT / "manage.py"), "check", "--deploy", "--fail-level", "WARNING"]
    sys.exit(subprocess.run(command, env=production_like(), cwd=ROOT).returncode)
