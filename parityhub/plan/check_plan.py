"""What the types of the plan cannot say: all checks of a plan, by what they are about."""

from collections.abc import Callable, Iterator

from parityhub.plan.check_content import check_content
from parityhub.plan.check_evidence import check_evidence
from parityhub.plan.check_links import check_links
from parityhub.plan.check_names import check_names
from parityhub.plan.check_pairs import check_pairs
from parityhub.plan.check_paths import check_paths
from parityhub.plan.check_placeholders import check_placeholders
from parityhub.plan.check_questions import check_questions
from parityhub.plan.check_sources import check_sources
from parityhub.plan.model import Plan
from parityhub.plan.problem import Problem

CHECKS: tuple[Callable[[Plan], Iterator[Problem]], ...] = (
    check_names,
    check_content,
    check_links,
    check_paths,
    check_placeholders,
    check_sources,
    check_questions,
    check_pairs,
    check_evidence,
)


def check_plan(plan: Plan) -> Iterator[Problem]:
    """Yield each thing that is wrong with a plan whose types are right."""
    for check in CHECKS:
        yield from check(plan)
