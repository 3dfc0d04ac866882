"""How the tables get from one release to the next: planned, in a journal, and never half done."""
