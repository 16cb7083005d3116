"""What a citizen may ask for about her own data: the access report (GDPR article 15)."""
