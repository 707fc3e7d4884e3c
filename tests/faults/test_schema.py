"""schemathesis reads the API's description and asks for all it allows and much that it forbids, with all its
checks: no 5xx, every answer as documented, what is forbidden is refused, what is allowed is taken.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks, negative_data_rejection, positive_data_acceptance

from service.http import openapi
from tests.faults.stack import Stack

load_all_checks()

schema = schemathesis.openapi.from_dict(openapi.document())

ITEM_FIELDS = schema.raw_schema["components"]["schemas"]["BatchItem"]["properties"].keys()

#: What the description cannot say, by operation.
EXCEPTIONS = {
    # A bad item is refused alone, within a 200. `test_a_bad_item_is_refused` holds it to that.
    "submitScores": [negative_data_rejection],
    # Of two parameters or fields one is needed, or only one may be given.
    "getPlayerRanks": [positive_data_acceptance],
    "getThreshold": [positive_data_acceptance],
    "getTop": [positive_data_acceptance],
    "changePlayer": [positive_data_acceptance],
    # Moments are at most so long ago, and one lies before the other.
    "getPlayerRank": [positive_data_acceptance],
    "getPlayerHistory": [positive_data_acceptance],
    # Bounds and modes of a board stand in the database: 422.
    "submitScore": [positive_data_acceptance],
}


# schemathesis gives its tests ids of their own only if they have a parameter. With equal ids, pytest-xdist runs one.
with_its_own_id = pytest.mark.parametrize("each", [""])


# A stream does not end: tests/http/test_stream*.py.
@schema.exclude(operation_id="streamStandings").parametrize()
@with_its_own_id
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_documented(case: schemathesis.Case, stack: Stack, each: str) -> None:
    excluded = EXCEPTIONS.get(case.operation.definition.raw["operationId"], [])
    response = case.call(base_url=stack.address)
    if "has U+" in response.text:  # a text with an invisible character, of which a pattern can say little
        excluded = [*excluded, positive_data_acceptance]
    case.validate_response(response, excluded_checks=excluded)


@schema.include(operation_id="submitScores").parametrize()
@with_its_own_id
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_bad_item_is_refused(case: schemathesis.Case, stack: Stack, each: str) -> None:
    """Every outcome of an item has one of the three shapes, and there is one for each."""
    response = case.call(base_url=stack.address)
    assert response.status_code in {200, 400, 404, 405, 413, 415}, response.text
    if response.status_code == 200:
        outcomes = response.json()
        assert len(outcomes) == len(case.body)
        for item, outcome in zip(case.body, outcomes, strict=True):
            if not isinstance(item, dict) or item.keys() - ITEM_FIELDS:
                assert outcome["status"] == "rejected", item
                assert outcome["error"]["code"] == "invalid_body"


def test_the_description_is_the_one_that_is_served(stack: Stack) -> None:
    assert stack.service.request("/openapi.json") == (200, schema.raw_schema)
