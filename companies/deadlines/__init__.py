"""What a placement owes, one kind of deadline a module."""

from companies.deadlines import agreement_ending, agreement_unsigned

#: The kinds that follow from work agreements and their signatures.
OF_AGREEMENTS = (agreement_ending.KIND.code, agreement_unsigned.KIND.code)
