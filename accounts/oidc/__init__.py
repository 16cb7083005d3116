"""Sign-in by the municipality's own identity provider, by OpenID Connect (docs/decisions).

Off until the environment names a provider (docs/operations.md). allauth's own client checks neither signature
nor nonce of the id token, so the protocol is spoken here; signing in and the second step are allauth's.
"""
