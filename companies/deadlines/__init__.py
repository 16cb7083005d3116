"""What a placement owes, one kind of deadline a module."""

from companies.deadlines import agreement_ending, agreement_unsigned, annex_missing

#: The kinds that follow from work agreements and their signatures.
OF_AGREEMENTS = (agreement_ending.KIND.code, agreement_unsigned.KIND.code, annex_missing.KIND.code)
#: Those that follow from what is registered of a contact person.
OF_CONTACT_PERSONS = (annex_missing.KIND.code,)
