"""The shipped library: every skill parses, passes the policy check and rests on seeds that may drive an admission."""

from __future__ import annotations

import pytest

from aspire_mjx.language.policy import findings
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.seeds import SeedRole, role_of
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.skills.skill import parse_skill
from tests.support.paths import ROOT

FOLDER = ROOT / "skills"
LIBRARY = SkillLibrary(FOLDER)


@pytest.mark.parametrize("name", LIBRARY.names())
def test_a_shipped_skill_is_well_formed_and_allowed(name):
    skill = LIBRARY.get(name)
    path = FOLDER / name / "SKILL.md"
    assert parse_skill(path.read_text(encoding="utf-8"), path=path).format() == skill.format()
    assert findings(skill.code, ROBOT_API) == ()
    assert skill.evidence.seeds and SeedRole.HELDOUT not in {role_of(seed) for seed in skill.evidence.seeds}


def test_there_is_something_to_start_from():
    assert LIBRARY.names()
