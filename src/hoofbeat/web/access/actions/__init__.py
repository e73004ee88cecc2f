"""The only code that saves people, invitations, memberships and links: keyword-only, one transaction, one event."""
