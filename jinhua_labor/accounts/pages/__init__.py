"""The portal's own account pages: one's own, joining, people, registrations."""
