"""What one page of the Timeline costs in CPU, beside programs that do the same in other ways."""
