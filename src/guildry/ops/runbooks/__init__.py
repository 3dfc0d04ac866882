"""What operators do when something happens, step by step, delivered with the release it describes."""
