"""Clients that lose their connection and servers that are killed, while posts go on: who misses what."""
