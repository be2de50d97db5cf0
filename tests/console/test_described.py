"""What the API says of itself is true: what fits its description is understood, what does not is refused.

Every operation of the browsers' door is asked what Schemathesis draws from the description, right and wrong. The event
streams alone are left out, for they do not end.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from browser import ORIGIN, Browser, browser, reason
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from served import draft

from quartet.console.signin.limits import Limit, Rate
from quartet.console.web import describe

UNDERSTOOD: Final = ["2xx", 400, 401, 403, 404, 412, 413, 428, 503]
"""What fits the description may still be refused for what it says; `SHAPE` is then not the reason."""
SHAPE: Final = "bad-request"
CONFIG: Final = SchemathesisConfig.from_dict(
    {
        "checks": {
            "not_a_server_error": {"expected-statuses": ["2xx", "4xx", 503]},
            "positive_data_acceptance": {"expected-statuses": UNDERSTOOD},
        }
    }
)
UNLIMITED: Final = Rate("unlimited", burst=1e9, a_minute=1e9)
SCHEMA: Final = schemathesis.openapi.from_dict(describe(), config=CONFIG).exclude(path="/api/events")


@pytest.fixture(scope="module")
def north(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("d") / "t") as made:
        for name in ("_of_one", "_codes", "_of_browser", "_of_address", "_requests", "_costly", "_back", "_uploads"):
            setattr(made.desk, name, Limit(UNLIMITED))
        made.sign_in()
        yield made


@SCHEMA.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_each_call_keeps_to_its_description(case: Case[Any], north: Browser) -> None:
    _ask(case, north)
    if case.path == "/api/session":  # where she may have signed out; the tests after this one share her browser
        north.sign_in()
    if "ref" in case.path_parameters:
        case.path_parameters["ref"] = _item(north)
        _ask(case, north)
    if north.ask("GET", "/api/session/keeping").status_code == 401:  # what was drawn may have ended her session
        north.sign_in()


def test_the_description_names_what_is_there(north: Browser) -> None:
    described = describe()

    assert described["components"]["schemas"]["Draft"]["properties"]["to"]["items"]["pattern"]
    assert set(described["paths"]["/api/items"]["get"]["responses"]) > {"200", "400", "401", "403", "404", "429"}
    assert north.ask("OPTIONS", "/api/items").headers["allow"] == "GET, OPTIONS, POST"
    assert north.ask("PUT", "/api/items", {}).headers["allow"]


def test_no_number_is_taken_for_a_time_and_no_nought_for_false(north: Browser) -> None:
    north.sign_in()
    for lax in ({"expires": 0}, {"hold": 0}):
        answer = north.ask("POST", "/api/items", {**draft(), **lax})

        assert (answer.status_code, reason(answer)) == (400, SHAPE), lax


def _ask(case: Case[Any], north: Browser) -> None:
    sent = case.as_transport_kwargs(base_url=ORIGIN)
    headers = dict(sent.pop("headers", None) or {}) | north.headers
    sent.pop("cookies", None)
    if isinstance(sent.get("data"), bytes | str):
        sent["content"] = sent.pop("data")
    north.client.cookies.clear()
    response = north.client.request(**sent, headers=headers)

    case.validate_response(response)
    if case.meta is not None and case.meta.generation.mode.is_positive and response.status_code == 400:
        assert reason(response) != SHAPE, response.text


def _item(north: Browser) -> str:
    """Return the reference of an item that is there; what was drawn may have taken the last one back."""
    return str(north.ask("POST", "/api/items", draft()).json()["ref"])
