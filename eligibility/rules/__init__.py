"""The rules of programmes in plain Python: the standard library only, so that one file answers one question.

verdict.py (three answers), facts.py (what may be asked), conditions.py (how it is judged), evaluate.py (all of a
rule set), documents.py (rule sets as text files). The other reading, for everyone at once, is engine/sql.py.
"""
