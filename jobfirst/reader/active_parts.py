"""What in a workbook could run: macros, controls, other files, and links that start programs.

None of them is ever run here, and no delivered file is given to anybody again. But whoever sends one should
know. Links to other workbooks, whose values stand in the cells, are ordinary.
"""

import re
import zipfile

from jobfirst.reader.refusals import RefusalCode, RefusalError

#: Macros, controls that run something, and files inside the workbook.
ACTIVE_PART = re.compile(
    r"vbaProject|vbaData|(^|/)(macrosheets|intlmacrosheets|dialogsheets|activeX|embeddings)/"
    r"|\.(zip|7z|rar|exe|dll|com|scr|js|vbs|bat|cmd|ps1|hta|jar|xls[xmb]?|xlam?|doc[xm]?|ppt[xm]?|pdf|html?)$",
    re.IGNORECASE,
)
EXTERNAL_LINK = re.compile(r"(^|/)externalLinks/[^/]+\.xml$", re.IGNORECASE)
#: Links of DDE and OLE start a program that the workbook names.
STARTS_PROGRAM = re.compile(rb"<\s*(\w+:)?(ddeLink|oleLink)\b")


def refuse_active_parts(archive: zipfile.ZipFile) -> None:
    """Raise RefusalError for a workbook with a part that could run."""
    for name in archive.namelist():
        is_active = ACTIVE_PART.search(name) or (
            EXTERNAL_LINK.search(name) and STARTS_PROGRAM.search(archive.read(name))
        )
        if is_active:
            raise RefusalError(RefusalCode.ACTIVE)
