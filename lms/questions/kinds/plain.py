"""The plain kinds: those that may also be a step of a case."""

from __future__ import annotations

from lms.questions.kinds.kind import Kind
from lms.questions.kinds.matching import fields as matching_fields
from lms.questions.kinds.matching import rules as matching_rules
from lms.questions.kinds.matching.schema import MatchingBody
from lms.questions.kinds.multiple import fields as multiple_fields
from lms.questions.kinds.multiple import rules as multiple_rules
from lms.questions.kinds.multiple.schema import MultipleBody
from lms.questions.kinds.number import fields as number_fields
from lms.questions.kinds.number import rules as number_rules
from lms.questions.kinds.number.figures import resolve as resolve_number
from lms.questions.kinds.number.schema import NumberBody
from lms.questions.kinds.ordering import fields as ordering_fields
from lms.questions.kinds.ordering import rules as ordering_rules
from lms.questions.kinds.ordering.schema import OrderingBody
from lms.questions.kinds.short_text import fields as short_text_fields
from lms.questions.kinds.short_text import rules as short_text_rules
from lms.questions.kinds.short_text.schema import ShortTextBody
from lms.questions.kinds.single import fields as single_fields
from lms.questions.kinds.single import rules as single_rules
from lms.questions.kinds.single.schema import SingleBody
from lms.questions.kinds.true_false import fields as true_false_fields
from lms.questions.kinds.true_false import rules as true_false_rules
from lms.questions.kinds.true_false.schema import TrueFalseBody

PLAIN = {
    kind.name: kind
    for kind in (
        Kind("single", SingleBody, single_rules, single_fields),
        Kind("multiple", MultipleBody, multiple_rules, multiple_fields),
        Kind("true-false", TrueFalseBody, true_false_rules, true_false_fields),
        Kind("ordering", OrderingBody, ordering_rules, ordering_fields),
        Kind("matching", MatchingBody, matching_rules, matching_fields),
        Kind("number", NumberBody, number_rules, number_fields, resolve=resolve_number, tell=number_rules.tell),
        Kind("short-text", ShortTextBody, short_text_rules, short_text_fields, tell=short_text_rules.tell),
    )
}
