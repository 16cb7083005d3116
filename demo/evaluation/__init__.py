"""What the evaluation of the demo reads beside the courses: hours, thresholds, deviations, steering."""
