"""The log and what it proves: ticks, checkpoints, cosignatures, paths, witnesses, evidence. Pure."""
