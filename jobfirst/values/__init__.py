"""Values as Danes write them: CPR numbers, days, amounts, shares, names, phone numbers, lengths of texts."""
