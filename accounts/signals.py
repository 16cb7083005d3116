"""What happens to users that the floors above have to answer for."""

from django.dispatch import Signal

#: Somebody no longer works in a role: it was taken, or the account is closed. Sent inside the transaction
#: with `user`, `project` and `role` (None: all of them), `today`, and `remind`: whether reminders are to
#: follow at once, or may wait for the day's round (files).
left = Signal()
