"""A model's help for officers, at ports that are off unless the settings name a server; the gate decides what goes."""
