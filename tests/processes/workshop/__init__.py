"""A small app that exists only in these tests: slow pages, effects that can be counted, ways to die."""
