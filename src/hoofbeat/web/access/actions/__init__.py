"""The only code that saves people and relations: keyword-only, one transaction, one event each."""
