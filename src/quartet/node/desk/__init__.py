"""The node's part in what officers do: it gives the folds of `quartet.desk` what a viewer may see, and no more."""
