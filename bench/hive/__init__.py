"""The codec of Hive boxes under load: how fast it reads, and what a coverage-guided fuzzer finds in it."""
