"""Actions on companies and placements: each function is one transaction and takes its own locks.

A refused action raises `ValidationError`, keyed by the argument that is wrong. The course's row is locked
first, so that changes to one course are serialised. `submission` is the token of the form: the same form sent
twice makes one row, which is returned both times.
"""
