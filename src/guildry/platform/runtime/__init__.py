"""What may change while the site runs: proposed, approved, applied everywhere, and taken back."""
