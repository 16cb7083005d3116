"""What leaves the system because of a meeting: calendar invitations to staff, and the citizen's appointment
message (D18, D53).

A row is stored first (`cases.models.messages`); `delivery` sends what waits, by `transports`.
"""
