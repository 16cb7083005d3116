"""The second wall: PostgreSQL shows the application the rows of some projects only.

`context` has the projects that the running code works on, `postgresql` the database backend that tells them
to the server, `rules` from which column of a table its project follows, `policies` the policies made of that.
docs/decisions/2026-11-27-row-level-security.md has the reasons.
"""
