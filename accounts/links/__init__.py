"""Signed links: who has no account answers by a link that is sent to a registered address (D44).

A link has a purpose (`purposes`), a subject and a recipient. `actions` issues, opens, takes and revokes it,
`delivery` sends it, `pages` is what the views of the purposes use, `requests` sends a new one on request.
"""
