"""The only code that saves invitations, memberships and links."""
