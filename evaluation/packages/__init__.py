"""The package of an evaluator outside: pseudonymised data with codebook, ledger and verifier."""
