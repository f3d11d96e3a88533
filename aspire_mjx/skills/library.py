"""A skill library: one folder a skill, with SKILL.md inside. Only the coordinator writes tested skills."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Generic, TypeVar

from aspire_mjx.checked import checked
from aspire_mjx.errors import SkillError, UnknownNameError
from aspire_mjx.files import check_regular_file, write_whole
from aspire_mjx.skills.imported import ImportedSkill, parse_imported
from aspire_mjx.skills.skill import Skill, parse_skill

FILE = "SKILL.md"
LARGEST = 1_000_000  #: bytes of a skill's file; the longest of the peers' has 30,000
IMPORTED = "imported"  #: folder of a library that holds what was imported and not tested

Kind = TypeVar("Kind", Skill, ImportedSkill)


@checked
class SkillFolders(Generic[Kind]):
    """Skills of one kind in one folder. A folder that does not exist yet is an empty one."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if self.path.exists() and not self.path.is_dir():
            raise SkillError(f"skill library {self.path}: a file, not a folder; name a folder of skill folders")

    def _parse(self, text: str, *, path: str) -> Kind:
        raise NotImplementedError

    def names(self) -> tuple[str, ...]:
        """Names of all skills, sorted."""
        if not self.path.is_dir():
            return ()
        return tuple(sorted(p.name for p in self.path.iterdir() if not p.name.startswith(".") and (p / FILE).is_file()))

    def __iter__(self) -> Iterator[Kind]:
        return (self.get(name) for name in self.names())

    def __len__(self) -> int:
        return len(self.names())

    def __contains__(self, name: object) -> bool:
        return name in self.names()

    def get(self, name: str) -> Kind:
        """One skill.

        Raises:
            UnknownNameError: no such skill; the known ones are listed.
            SkillError: its SKILL.md breaks the format, or carries another name than its folder.
        """
        if name not in self.names():
            raise UnknownNameError(f"skill in {self.path}", name, self.names())
        file = self.path / name / FILE
        try:
            check_regular_file(file, f"{file}: skill {name!r}", most=LARGEST, error=SkillError)
            text = file.read_text(encoding="utf-8")
        except OSError as error:
            raise SkillError(f"{file}:1: cannot be read ({error.strerror}); name another library") from None
        except UnicodeDecodeError as error:
            raise SkillError(f"{file}:1: not UTF-8 text ({error.reason} at byte {error.start})") from None
        skill = self._parse(text, path=str(file))
        if skill.name != name:
            raise SkillError(f"{file}:2: name {skill.name!r} differs from its folder {name!r}; make them the same")
        return skill

    def add(self, skill: Kind) -> bool:
        """Write a new skill, whole or not at all. True when written, False when it stands there with equal content.

        Raises:
            SkillError: the skill breaks the format, or another skill has that name.
        """
        text = skill.format()
        if skill.name in self:
            if self.get(skill.name).format() == text:
                return False
            raise SkillError(
                f"skill {skill.name!r} is already in {self.path} with other content "
                f"(there {self.get(skill.name).hash}, new {skill.hash}); give the new one another name"
            )
        self.path.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self.path, prefix=f".{skill.name}."))
        try:
            (folder / FILE).write_text(text, encoding="utf-8")
            folder.chmod(0o755)
            os.rename(folder, self.path / skill.name)
        except OSError as error:
            raise SkillError(
                f"skill {skill.name!r}: cannot write {self.path / skill.name} ({error.strerror})"
            ) from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return True

    def replace(self, skill: Kind) -> None:
        """Write a skill in place of the one of its name, at once.

        Raises:
            UnknownNameError: no such skill.
            SkillError: the new one breaks the format.
        """
        self.get(skill.name)
        write_whole(self.path / skill.name / FILE, skill.format())


class ImportedSkills(SkillFolders[ImportedSkill]):
    """Skills that were imported and not tested."""

    def _parse(self, text: str, *, path: str) -> ImportedSkill:
        return parse_imported(text, path=path)


@checked
class SkillLibrary(SkillFolders[Skill]):
    """The tested skills of one folder, active and retired, and beside them what was imported."""

    def _parse(self, text: str, *, path: str) -> Skill:
        return parse_skill(text, path=path)

    @property
    def imported(self) -> ImportedSkills:
        """What was imported; none of it is retrieved as a repair."""
        return ImportedSkills(self.path / IMPORTED)

    def add(self, skill: Skill) -> bool:
        """See :class:`SkillFolders`.

        Raises:
            SkillError: code that the policy refuses, or evidence that no paired trial gives, too.
        """
        skill.check_claims()
        return super().add(skill)

    def replace(self, skill: Skill) -> None:
        """See :class:`SkillFolders`.

        Raises:
            SkillError: as :meth:`add`.
        """
        skill.check_claims()
        super().replace(skill)

    def active(self) -> tuple[Skill, ...]:
        """The skills that may be retrieved, by name."""
        return tuple(skill for skill in self if skill.status == "active")

    def retire(self, name: str, reason: str) -> Skill:
        """Mark a skill as retired, with the reason in its metadata; return it. A retired one stays as it is.

        Raises:
            UnknownNameError: no such skill.
        """
        skill = self.get(name)
        if skill.status == "retired":
            return skill
        retired = replace(skill, status="retired", extra=(*skill.extra, ("retired_because", reason)))
        self.replace(retired)
        return retired
