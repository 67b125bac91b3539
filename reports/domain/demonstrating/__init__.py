"""The paper side of the demo company: reports, reviews, violations, inspections, months."""
