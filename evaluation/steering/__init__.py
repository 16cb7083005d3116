"""The steering group of a project: its members by area, quarterly meetings, minutes, decisions."""
