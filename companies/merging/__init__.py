"""Companies that were registered twice: put together with a preview, and taken apart again."""
