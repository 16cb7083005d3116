"""Migrations that are quick on an empty database and gentle beside people who work."""
