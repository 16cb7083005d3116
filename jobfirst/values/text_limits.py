"""How many characters a text may have, by its purpose: the limit of the model's field and of the form's.

Names and single lines have limits of their own where they are declared (150 to 300).
"""

#: Why something is done, corrected, refused or withdrawn.
REASON = 1_000
#: A comment on something, or a part of a longer note.
COMMENT = 2_000
#: A note on a contact, a call, a need.
NOTE = 4_000
#: A section of a document such as the work agreement or the plan for job: four closely written pages.
SECTION = 10_000
#: The minutes of a topic of a meeting.
MINUTES = 20_000
#: The path of a drawn signature.
DRAWING = 50_000
