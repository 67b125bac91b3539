"""Template tags of the book of complaints."""
