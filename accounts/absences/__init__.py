"""Absences and stand-ins: entered, corrected, ended early."""
