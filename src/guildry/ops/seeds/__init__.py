"""The demo community and large made-up ones for measuring."""
