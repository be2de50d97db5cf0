"""The witnessed log: ticks, trees, checkpoints, cosignatures, and proofs that an outsider checks with files alone."""
