"""Figures of the platform: how generations follow each other, how soon trouble is seen, how fast a change arrives."""
