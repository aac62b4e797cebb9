"""Lists beside the registry: who receives, what was paid, what other offices say of somebody, codes of regions.

kinds, words, cells   what a list of each kind holds and how a cell is read
issues                why a row was not used
mapping               whose column is whose field
staging               from the file to typed rows, in one streaming pass
match, masked         which person and family a row speaks of
plan, enrolments, payouts, flags, regions   what applying would write, and writing it
"""
