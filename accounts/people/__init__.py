"""The users: invitations, roles, addresses, their own pages, and what a second administrator confirms."""
