"""Django's backend of PostgreSQL, which tells the server the projects of the running code (`base`)."""
