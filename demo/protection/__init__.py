"""Who has seen the demo's citizens, and what is to be erased or kept."""
