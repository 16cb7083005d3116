"""How days and times are written, where Django's own forms differ from Danish usage."""
