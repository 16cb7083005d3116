"""The forms of referrals and courses, one module a subject."""
