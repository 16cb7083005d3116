"""Sign-ins, failures and changes of rights, as they are recorded and as administrators read them."""
