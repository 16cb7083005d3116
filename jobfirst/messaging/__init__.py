"""What leaves the system by mail or SMS: a row first, sent after the commit, tried again, given up."""
