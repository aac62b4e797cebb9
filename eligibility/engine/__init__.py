"""The SQL reading: facts.py (facts of many), sql.py (conditions), decide.py (writes what differs), digest.py."""
