"""Re-analysis: what new knowledge makes of cases that were ranked before."""
