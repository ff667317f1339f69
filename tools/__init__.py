"""What developers run by `make`: nothing here is part of the site."""
