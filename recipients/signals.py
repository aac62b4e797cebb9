"""The project's only signal: facts of families changed. It carries a reason; the database knows who is stale."""

from django.dispatch import Signal

facts_changed = Signal()  # reason: str, batch_id: int or None (the import that changed them)
