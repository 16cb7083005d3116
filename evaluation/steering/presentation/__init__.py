"""What the pages and papers of the steering group show."""
