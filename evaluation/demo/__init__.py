"""A synthetic trial in all phases, the same for the same seed. For rehearsals only.

`people` makes projects, staff and citizens who cannot be real; `history` gives a participant a course;
`money` brings awards, vouchers and statements; `trial` puts it together and saves it.
"""

from evaluation.demo.trial import DemoRefused, SignIn, seed_demo

__all__ = ["DemoRefused", "SignIn", "seed_demo"]
