"""Files that came from outside or leave for a folder: scanned, read in a limited process, kept private."""
