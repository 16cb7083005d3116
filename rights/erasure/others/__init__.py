"""Erasure of what is no citizen: staff, contact persons, vouchers, and records that go by their day.

`kinds` has what each kind needs: when its period begins, what blocks it, and how it is erased.
"""
