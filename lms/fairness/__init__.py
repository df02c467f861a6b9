"""Whether the online test is fair: how its questions do, what learners dispute, rulings and marking anew, signs of help
that was not allowed, for people to judge."""
