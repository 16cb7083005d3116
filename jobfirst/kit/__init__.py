"""The kit of forms, tables and pages shared by all apps; it imports none of them."""
