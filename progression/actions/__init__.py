"""Actions on answers and questionnaires: each is one transaction and takes its own locks.

A refused action raises `ValidationError`, keyed by the argument that is wrong. The course's row is locked
first, so that changes to one course are serialised.
"""
