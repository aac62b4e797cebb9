"""Rule sets written in the browser: a draft, its check, a second person's approval, a day of coming into force."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import db
from eligibility.enums import DraftState
from eligibility.models import RuleDraft, RuleSet, Scope
from eligibility.rules.documents import read_document
from eligibility.rules.facts import RuleError
from eligibility.rules.writing import write_document
from eligibility.services.checking import Checked, look_at, next_version
from eligibility.services.loading import load_text
from eligibility.services.runs import queue_verify

LONGEST_TEXT = 20_000
PROGRAMME_KEYS = ("code", "name", "unit", "owner", "is_local")


class DraftRefused(ValueError):
    """The step is not possible; the message says why, in Indonesian."""


def text_of(rule: RuleSet, **head: object) -> str:
    """A rule set as its text file; `head` replaces values of its head."""
    programme = rule.programme
    return write_document(
        {
            "programme": {name: getattr(programme, name) for name in PROGRAMME_KEYS},
            "rule_set": {
                "version": rule.version,
                "effective_from": rule.effective_from,
                "effective_to": rule.effective_to,
                "legal_basis": rule.legal_basis,
                "to_be_confirmed": rule.to_be_confirmed or None,
                **head,
            },
            "amounts": rule.amounts,
            "conditions": rule.conditions,
        }
    )


@transaction.atomic
def start_draft(*, rule: RuleSet | None, text: str = "", by: User, now: datetime, today: date) -> RuleDraft:
    """A new draft, from a version that there is, or from a text."""
    if rule is not None:
        version = next_version(rule.programme)
        text = text_of(
            rule,
            version=version,
            effective_from=today + timedelta(days=1),
            effective_to=None,
            legal_basis="?",
        )
    draft = RuleDraft(title=_("Rancangan kosong"), written_by=by, written_at=now)
    return _write(draft, text=text, by=by, now=now)


@transaction.atomic
def write_draft(*, draft: RuleDraft, text: str, by: User, now: datetime) -> RuleDraft:
    """Whoever writes last is the writer; a change must be checked again."""
    if not RuleDraft.objects.open().select_for_update().filter(pk=draft.pk):
        raise DraftRefused(_("Rancangan ini sudah selesai. Buat rancangan baru."))
    return _write(draft, text=text, by=by, now=now)


def _write(draft: RuleDraft, *, text: str, by: User, now: datetime) -> RuleDraft:
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise DraftRefused(_("Isi teks aturan, paling panjang 20.000 huruf."))
    draft.text, draft.written_by, draft.written_at = text.replace("\r\n", "\n"), by, now
    draft.state = DraftState.DRAFT
    draft.title = _title(draft.text)
    draft.save()
    return draft


def _title(text: str) -> str:
    try:
        document = read_document(_("rancangan"), text)
    except RuleError:
        return _("Rancangan yang belum lengkap")
    named = {"name": document.programme.name, "version": document.version}
    return (_("%(name)s versi %(version)s") % named)[:100]


@transaction.atomic
def check_draft(*, draft: RuleDraft, today: date) -> Checked:
    """A draft that resolves and contradicts nothing may be approved; any other stays a draft."""
    found = look_at(text=draft.text, today=today)
    state = DraftState.DRAFT if found.wrong else DraftState.CHECKED
    RuleDraft.objects.open().filter(pk=draft.pk, text=draft.text).update(state=state)
    draft.refresh_from_db()
    return found


def seen_as(draft: RuleDraft) -> str:
    """What a page saw of the text. A page that is out of date approves nothing."""
    return hashlib.sha256(draft.text.encode()).hexdigest()[:16]


@transaction.atomic
def approve_draft(*, draft: RuleDraft, by: User, now: datetime, today: date, seen: str) -> RuleSet:
    """The draft becomes a version that never changes; the one before it ends the day before."""
    db.lock_until_commit("load_rule_sets")
    draft = RuleDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.state != DraftState.CHECKED:
        raise DraftRefused(_("Rancangan ini belum lolos pemeriksaan. Periksa dulu."))
    if draft.written_by_id == by.pk:
        raise DraftRefused(_("Anda tidak bisa menyetujui rancangan yang Anda tulis sendiri."))
    if seen != seen_as(draft):
        raise DraftRefused(_("Rancangan ini ditulis ulang sesudah Anda membukanya. Baca lagi, lalu setujui."))
    found = look_at(text=draft.text, today=today)
    if found.wrong or found.document is None:
        raise DraftRefused(" ".join(found.wrong))
    rule = load_text(found.document)
    rows = RuleDraft.objects.filter(pk=draft.pk)
    rows.update(state=DraftState.APPROVED, settled_by=by, settled_at=now, rule_set=rule)
    if rule.effective_from <= today:
        queue_verify(scope=Scope.ALL, as_of=today, reason=f"aturan {rule}", by=by)
    return rule


def withdraw_draft(*, draft: RuleDraft, by: User, now: datetime) -> None:
    values = {"state": DraftState.WITHDRAWN, "settled_by": by, "settled_at": now}
    if not RuleDraft.objects.open().filter(pk=draft.pk).update(**values):
        raise DraftRefused(_("Rancangan ini sudah selesai."))
