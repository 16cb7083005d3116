"""What people do with companies and placements: each function is one transaction, with its locks.

An action that cannot be done raises `ValidationError`, keyed by the argument that is wrong. Everything that
happens to one course happens in turn: its row is locked first. A `submission` is the form's own token: the
same form sent twice makes one row, and gives that back.
"""
