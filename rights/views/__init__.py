"""Pages of retention and erasure. They name citizens by pseudonym alone."""
