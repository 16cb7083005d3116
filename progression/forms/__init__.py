"""The forms of answers and questionnaires, one module a subject."""
