"""What ./dev calls: checks of the house, test runs, benchmarks and lock files."""
