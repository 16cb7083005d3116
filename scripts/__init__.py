"""Programs of the Makefile, of the container image and of a release."""
