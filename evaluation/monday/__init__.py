"""The leader's Monday page: what needs action, what is new, and how the project stands."""
