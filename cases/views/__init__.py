"""The pages of referrals and courses: short function views, one module per subject."""
