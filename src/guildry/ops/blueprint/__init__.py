"""The schema as people read it: areas, tables, what each column holds, and how one leads to another."""
