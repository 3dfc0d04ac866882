"""What tests and the workshop agree on."""

PASSWORD = "correct horse battery staple"
