"""Outgoing mail and, in development, the mailbox page that shows it."""
