"""One person's data, gathered from all domains: her copy of it, and who must be forgotten again after a restore."""
