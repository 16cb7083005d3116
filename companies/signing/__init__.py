"""Signing the work agreement: who may do what, the signatures, the seal, the pages (D15, D37, D44-D47)."""
