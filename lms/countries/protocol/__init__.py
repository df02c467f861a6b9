"""Results protocols as training forms: their lines, control relations, the story of an evening, and faults."""
