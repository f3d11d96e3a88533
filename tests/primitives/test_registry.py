"""Declarations that contradict themselves are refused when they are made."""

from __future__ import annotations

import pytest

from aspire_mjx.primitives.registry import Family, Field, Parameter, Primitive, Registry
from aspire_mjx.primitives.results import unpacks_of
from aspire_mjx.primitives.robot_api import ROBOT_API

_MASS = Field("mass", (), "kg", "what it weighs")


def test_a_primitive_unpacks_to_its_own_fields() -> None:
    with pytest.raises(ValueError, match=r"weigh unpacks to 'weight', but its fields are \['mass'\]"):
        Primitive("weigh", Family.SENSE, (), (_MASS,), ("weight",), "")
    flag = Parameter("verbose", (), "say more", default=False, required=False, adds="error")
    with pytest.raises(ValueError, match="'error'"):
        Primitive("weigh", Family.SENSE, (flag,), (_MASS,), ("mass",), "")
    with pytest.raises(ValueError, match="is a number"):
        Primitive("weigh", Family.SENSE, (Parameter("how", None, "words", adds="mass"),), (_MASS,), (), "")


def test_names_are_given_once() -> None:
    primitive = Primitive("weigh", Family.SENSE, (), (_MASS,), ("mass",), "")
    with pytest.raises(ValueError, match="share a name"):
        Registry((primitive, primitive))


def test_a_declared_parameter_adds_its_field_whatever_it_is_called() -> None:
    flag = Parameter("in_detail", (), "also the mass", default=True, required=False, adds="mass")
    primitive = Primitive("lift", Family.MOVE, (flag, Parameter("return_mass", (), "")), (_MASS,), (), "")
    assert unpacks_of(primitive, {"in_detail": 0.0, "return_mass": 1.0}) == ()
    assert unpacks_of(primitive, {"return_mass": 0.0}) == ("mass",)
    assert unpacks_of(ROBOT_API["get_object_pose"], {"return_bbox_extent": 1.0})[-1] == "extent"
