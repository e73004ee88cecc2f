"""The next best step: which question, procedure or genetic test tells most for what it asks of the patient."""
