"""Posts, their threads and reactions, and the Timeline that brings them to members."""
