"""What is ciphertext in the database: CPR numbers and free texts (docs/privacy.md)."""
