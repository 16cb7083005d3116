"""Rules of reminders: plain values, no database, no clock."""
