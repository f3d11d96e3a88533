"""The texts made from the declarations say everything that is declared."""

from __future__ import annotations

from dataclasses import replace

from aspire_mjx.language.prompt import helpers
from aspire_mjx.primitives.reference import api_page, api_prompt
from aspire_mjx.primitives.registry import Family, Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.status import Status


def test_page_and_prompt_hold_every_call_field_helper_and_status():
    for text in (api_page(ROBOT_API, helpers()), api_prompt(ROBOT_API, helpers())):
        for primitive in ROBOT_API:
            assert f"`{primitive.signature}`" in text and primitive.doc in text
            assert all(field.name in text for field in primitive.fields)
        assert all(f"`{helper.signature}`" in text for helper in helpers())
        assert all(f"`{status.name}`" in text and status.reason in text for status in Status)
    assert len(helpers()) > 5 and not any(helper.signature.startswith("_") for helper in helpers())


def test_primitives_of_every_family_have_a_place():
    base = ROBOT_API["wait"]
    for family in Family:
        unpacks = ("width",) if family is Family.QUERY else ()
        registry = Registry((replace(base, name="newcomer", family=family, unpacks=unpacks),))
        assert "`newcomer(seconds)`" in api_page(registry) and "`newcomer(seconds)`" in api_prompt(registry)


def test_the_page_offers_no_fields_where_a_call_gives_a_plain_value():
    """``is_holding()`` is a number: who read ``.holding`` off the page got an error."""
    sections = api_page(ROBOT_API).split("\n### `")[1:]
    for primitive in ROBOT_API:
        (section,) = (each for each in sections if each.startswith(primitive.signature))
        assert ("| Field |" in section) == (primitive.family is not Family.QUERY), primitive.name
        assert ("itself, without fields" in section) == (primitive.family is Family.QUERY), primitive.name


def test_a_changed_declaration_changes_the_texts():
    changed = Registry((replace(ROBOT_API["wait"], doc="Hold the breath."),))
    assert "Hold the breath." in api_page(changed) and "Hold the breath." in api_prompt(changed)
    assert "Hold still for a time." not in api_page(changed)
