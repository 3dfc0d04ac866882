"""Backups: sealed copies of everything a community is, the proof that they open, and the way back."""
