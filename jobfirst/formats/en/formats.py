"""Days and clock in English as in Britain: 24 November 2026, 24/11/2026, 10:00. The month never comes first.

Templates and code name some formats as they are in Danish, where a full stop follows the day. Django looks
every format up in this module by its text, so the English of each stands here as well.
"""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "d/m/Y"
MONTH_DAY_FORMAT = "j F"
YEAR_MONTH_FORMAT = "F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATETIME_FORMAT = "d/m/Y, H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y"]

DANISH_FORMS = {"j. F Y": DATE_FORMAT, "j. F": MONTH_DAY_FORMAT, "j. M y": "j M y", "l j. F": "l j F"}
globals().update(DANISH_FORMS)
