"""The courses of the demo: from referral to plan for job, with what went wrong and was mended."""
