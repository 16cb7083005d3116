"""What a backup or a restoring is refused for."""


class BackupError(Exception):
    """The text says what is wrong and how to mend it; it names no citizen and no secret."""
