"""The nine core elements by project (D7): how many courses meet each, and which do not."""
