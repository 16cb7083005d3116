"""PostgreSQL beyond Django's ORM: its locks, its owner, many rows at once, one moment for many reads."""
