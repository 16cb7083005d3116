"""What a placement owes, one kind of deadline a module."""

from companies.deadlines import agreement_ending

#: The kinds that follow from work agreements and their signatures.
OF_AGREEMENTS = (agreement_ending.KIND.code,)
