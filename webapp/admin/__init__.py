"""Users, organizations and roles."""
