"""Who follows, knows, mutes or blocks whom."""
