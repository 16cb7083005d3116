"""What people do with a course: each function is one transaction, with its locks."""
