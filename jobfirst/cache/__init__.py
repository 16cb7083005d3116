"""The cache in Redis: pages go on without it, and nothing is read from it but what we wrote."""
