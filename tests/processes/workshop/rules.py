"""What tests and the workshop agree on."""

PASSWORD = "correct horse battery staple"
# Keys that take one person, one person, and two.
DRAFTS, POSTS, TRIES = "timeline.drafts_most", "timeline.post_hourly", "accounts.sign_in_tries"
WATCHED = (DRAFTS, POSTS, TRIES)
