"""Tools over everything an operator runs."""
