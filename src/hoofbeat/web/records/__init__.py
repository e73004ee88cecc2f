"""What the clinic keeps of each patient: models, the read door, the actions that alone write."""
