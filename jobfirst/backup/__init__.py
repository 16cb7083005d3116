"""Backup of a whole system, and its restoring (docs/operations.md): commands `backup` and `restore`.

A backup is a folder: `manifest.json` with `manifest.sha256`, `database/` with a file for each table as COPY
writes it, `files/` with the stored files. `making` writes it and `restoring` reads it; `manifest` has the
description, `tables` the database, `jobfirst.files.private_folder` the files with their hashes. Keys are in
no backup.
"""
