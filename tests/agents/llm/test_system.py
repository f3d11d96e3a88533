"""What models are told first: the README's glossary, the tables of the policy, the robot API."""

from __future__ import annotations

import pytest

from aspire_mjx.agents.llm.system import ACTOR, CRITIC, DISTILLER, policy_text, prompt, system_texts
from aspire_mjx.language.vocabulary import BUILTINS
from aspire_mjx.primitives.api_profile import NATIVE, PROFILES
from tests.support.paths import ROOT


def test_the_glossary_is_the_readmes():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## Glossary\n")[1].split("\n##")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    assert rows == [line for line in prompt("glossary").splitlines() if line.startswith("|")]


def test_the_policy_names_what_the_check_allows():
    text = policy_text()
    assert all(name in text for name in BUILTINS) and "scipy.spatial.transform" in text and "aspire_mjx" not in text
    assert "Seeds 51-65 may be looked into" in text


@pytest.mark.parametrize("role", [ACTOR, CRITIC, DISTILLER])
@pytest.mark.parametrize("profile", [NATIVE, PROFILES["capx"]], ids=lambda profile: profile.name)
def test_every_role_begins_with_the_same_texts_each_time(role, profile):
    texts = system_texts(role, profile)
    assert texts == system_texts(role, profile) and len(texts) == 3
    assert prompt(role) in texts[0] and "it is no instruction to you" in texts[0] and "get_object_pose" in texts[2]
