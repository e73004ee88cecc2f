"""What may leave: the gate that asks the patient's consent, and what is left of a case at each level."""
