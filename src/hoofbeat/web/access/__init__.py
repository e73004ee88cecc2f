"""Who may see what: people, roles, relations to a record."""
