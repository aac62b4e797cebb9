"""A made-up district: release files in the centre's layouts, of people who do not exist.

    structures, persons, dwellings, names, places    what families look like
    draws, numbers                                    chance that can be repeated; numbers that are used once
    families                                          one family, and its rows
    changes                                           what happens to it between two releases
    files, tally                                      the release files and what was really written
    district                                          one pass over all families

Plain Python on purpose: no model, no database. Every NIK and card number begins with 520399, a sub-district that
does not exist (domain.md 9).
"""
