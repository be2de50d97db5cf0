"""Who enters and leaves, and who that is, at a node: over what each class of its officers may hold."""
