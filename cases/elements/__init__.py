"""The nine core elements of a course (D7): the rules that `cases` adds, and the states as they are stored."""
