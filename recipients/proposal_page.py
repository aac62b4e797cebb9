"""What the pages of proposals show, in words and in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common.stages import marked
from recipients import proposable
from recipients.addressing import Reader
from recipients.enums import CentralResult, ProposalState
from recipients.models import FamilyMembership, UpdateProposal, WelfareSnapshot

STAGES = (
    (ProposalState.DRAFT, gettext_lazy("Dibuat")),
    (ProposalState.READY, gettext_lazy("Disahkan")),
    (ProposalState.PACKED, gettext_lazy("Dalam berkas kiriman")),
    (ProposalState.KEYED, gettext_lazy("Diketik di SIKS-NG")),
    (ProposalState.ANSWERED, gettext_lazy("Dijawab pusat")),
)


@dataclass(frozen=True)
class FactRow:
    """One proposed fact in words; `who` is empty where the family is meant."""

    label: Any
    who: str
    recorded: Any
    proposed: Any
    note: str


def with_heads(proposals: list[UpdateProposal]) -> list[UpdateProposal]:
    """Give each proposal its family's head in `head`: the standing one, else the last that was recorded."""
    families = [proposal.family_id for proposal in proposals]
    heads = WelfareSnapshot.objects.published().filter(family__in=families).head_names()
    for proposal in proposals:
        proposal.head = heads.get(proposal.family_id, "")  # type: ignore[attr-defined]
    return proposals


def with_waiting(packs: Any) -> Any:
    """Packs with how many of their proposals nobody has typed yet."""
    return packs.annotate(waiting=Count("proposals", filter=Q(proposals__state=ProposalState.PACKED)))


def labels(proposal: UpdateProposal) -> list[Any]:
    return [proposable.FACTS[fact["field"]].label for fact in proposal.changed_facts]


def facts(proposal: UpdateProposal) -> list[FactRow]:
    persons = [fact["person"] for fact in proposal.changed_facts if fact["person"]]
    names = FamilyMembership.objects.published().filter(person__in=persons).names()
    return [_fact_row(fact, names) for fact in proposal.changed_facts]


def _fact_row(fact: dict[str, Any], names: dict[int, str]) -> FactRow:
    told = proposable.FACTS[fact["field"]]
    return FactRow(
        told.label,
        names.get(fact["person"], "") if fact["person"] else "",
        told.say(fact["recorded"]),
        told.say(fact["proposed"]),
        fact["note"],
    )


def stages(proposal: UpdateProposal) -> list[tuple[Any, str]]:
    """The way of a proposal with what is done, where it is now, and what is to come."""
    if proposal.state == ProposalState.WITHDRAWN:
        return [(_("Dibatalkan"), "now")]
    return marked(STAGES, ProposalState(proposal.state))


def answer_words(proposal: UpdateProposal, reader: Reader) -> str:
    """What the centre's next ranking made of it; empty while it has not answered."""
    if not proposal.result:
        return ""
    told = {
        CentralResult.JUDGED_POORER: _(
            "Data pusat sekarang menganggap %(family)s kurang mampu: desil %(before)s menjadi %(after)s."
        ),
        CentralResult.JUDGED_BETTER_OFF: _(
            "Data pusat sekarang menganggap %(family)s lebih mampu: desil %(before)s menjadi %(after)s."
        ),
        CentralResult.SAME: _("Desil %(family)s tetap %(after)s."),
        CentralResult.NEWLY_RANKED: _("Pusat sekarang memberi desil %(after)s kepada %(family)s."),
        CentralResult.NOT_RANKED: _("Rilis ini tidak memberi desil kepada %(family)s."),
    }[CentralResult(proposal.result)] % {
        **reader.names(),
        "before": proposal.decile_before,
        "after": proposal.decile_after,
    }
    taken = _("Data yang sama dengan usulan: %(taken)d dari %(all)d.") % {
        "taken": proposal.facts_taken or 0,
        "all": len(proposal.changed_facts),
    }
    return f"{told} {taken}"
