"""Outcomes of the trial (D6): paid hours of both arms, everyone as drawn, and both success criteria."""
