"""Break each clause of the rule, of belief and of the proofs, one at a time, and see that a test notices."""
