"""What is true: values, marking, the release rule, statements and signatures; `proof` has log, witness and proofs.

No I/O, no clock, no randomness: `now`, nonces and fill are arguments. Each module is a noun, imported by its name:
`from quartet.core.release import release`. `release` is the only place that decides who may have something.
"""
