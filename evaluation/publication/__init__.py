"""The agency's figures: a fixed set for every month, with few citizens withheld, published once and stored.

Nothing that the agency sees of courses is counted while it looks: it reads the stored rows. So no filter, no
later correction and no second look on another day makes a difference of few citizens
(`evaluation.rules.suppression`).
"""
