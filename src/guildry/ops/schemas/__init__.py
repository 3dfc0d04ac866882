"""Data contracts: the shapes that stored data, the API and the clients' own stores agree on."""
