"""Each type of the API has a name of its own: by its name alone it is described and found."""

from collections import Counter
from typing import Any

import pytest

from quartet.console.api.description import _kinds, exact
from quartet.console.web import describe
from quartet.core.encoding import Value


def test_two_types_of_one_name_and_one_form_are_named_with_where_they_are() -> None:
    class Twin(Value, frozen=True):
        a: int

    one, other = Twin, type("Twin", (Value,), {"__annotations__": {"a": int}}, frozen=True)
    one.__module__, other.__module__ = "quartet.one", "quartet.other"
    described: dict[str, Any] = {"components": {"schemas": {"Twin": {"properties": {"a": {}}}}}, "paths": {}}

    with pytest.raises(TypeError, match=r"Twin, and 2 types fit \(in quartet\.one, quartet\.other\)"):
        exact(described)


def test_no_type_of_the_api_shares_its_name_with_another() -> None:
    described = describe()["components"]["schemas"]
    named = Counter(one.__name__ for one in _kinds(Value) if one.__module__.startswith("quartet."))

    assert [name for name in described if named[name] > 1] == []
