"""What works and what does not, sampled in the background."""
