"""What stands beside free text about people. The kit's `FreeTextField` refuses CPR numbers in it."""

from django.utils.translation import gettext_lazy as _

#: Stands beside every such field.
NO_PERSON = _("Write no citizen's name and no CPR number.")
#: The same in plain words, for fields that citizens and companies fill in.
NO_NAMES = _("Write no names and no CPR numbers.")
