"""What keeps a database in good order: backup, restore, check, and the deletion of old rows."""
