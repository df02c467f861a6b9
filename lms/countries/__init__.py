"""What differs from country to country, as data: levels, sizes, offices, identity numbers, the reserve."""
