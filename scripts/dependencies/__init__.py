"""What this software is made of: audit of the locks, licences, and the list of components (SBOM).

`python -m scripts.dependencies audit | licences | sbom`, or `make audit`, `make licences`, `make sbom`
(docs/operations.md).
"""
