"""Each type of the API has a name of its own: by its name alone it is described and found."""

from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest

import quartet
from quartet.console.api.description import exact
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


def test_each_type_that_is_described_is_found_whatever_else_of_the_house_is_there() -> None:
    before = describe()
    for found in walk_packages(quartet.__path__, "quartet."):
        if not found.name.endswith("__main__"):
            import_module(found.name)

    assert describe() == before
