"""Running the site: `guildry serve`, from the lock on the data folder to the exit code."""
