"""Companies, agencies, charities and chapters, with their memberships and invitations."""
