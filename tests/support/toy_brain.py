"""What a language model might answer in the toy world: mistakes first, then what helps there."""

from __future__ import annotations

from typing import Any

from aspire_mjx.agents.repertoire import REPERTOIRE
from tests.support.loopback_model import Said, calls, says
from tests.support.toy import FIRST, TASK

_RETRY = next(repair for repair in REPERTOIRE if repair.name == "retry-until-held")
_CALL = '    place("basket", pick("alphabet soup"))'
_LINES = FIRST.text.split("\n")
_LINE = 1 + _LINES.index(_CALL)
WORDS = {
    "description": "Runs the pick again until the hand holds something.",
    "failure": "The fingers close on nothing and the program goes on.",
    "when": "Where a grasp may miss. Not where nothing is there to be taken.",
    "repair": "It calls the function again while the gripper says that it is empty.",
}


def think(body: dict[str, Any]) -> Said:
    """The answer to a question of critic, actor or distiller, by how far the conversation is."""
    turn = sum(message["role"] == "assistant" for message in body["messages"])
    role = body["tools"][-1]["name"]
    return {"give_diagnosis": _diagnosis, "propose_candidates": _candidates, "write_skill": _skill}[role](body, turn)


def _diagnosis(body: dict[str, Any], turn: int) -> Said:
    """First a diagnosis that its test refutes, then the right one."""
    said = {"faulty_lines": [_LINE], "kind": "grasp", "cause": "the hand closes on nothing", "refuted_by": "no gain"}
    if turn == 0:
        cause = {"kind": "perception", "cause": "noise hides the thing"}
        return Said([calls("give_diagnosis", {**said, **cause, "test": {"factor": "noise", "dose": 0.0}})])
    text = f'{_RETRY.sketch}\n\ndef main():\n    place("basket", retry_until_held(pick, "alphabet soup"))'
    test = {"first_line": _LINE - 1, "last_line": _LINE, "text": text}
    return Said([says("Then it is the grasp."), calls("give_diagnosis", {**said, "test": test})])


def _candidates(body: dict[str, Any], turn: int) -> Said:
    """Tools, called right and wrong; a refused program beside a copy; then candidates that differ."""
    if turn == 0:
        return Said(
            [
                says("I try the program on three seeds."),
                calls("run_program", {"source": FIRST.text, "task": TASK.key, "seeds": "51-53"}),
                calls("run_program", {"source": FIRST.text, "task": TASK.key, "seeds": "1-3"}),
                calls("run_program", {"program": FIRST.text}),
                calls("reset_simulator", {}),
                calls("fault_report", ["batch"]),
            ]
        )
    words = {"hypothesis": "a miss is seen", "difference": "redoes it", "expected_failure": "as its parent"}
    briefing = body["messages"][0]["content"][0]["text"]
    head = {**words, "parent": briefing.split("Parent ")[1].split()[0].rstrip(":,")}
    room = _room(briefing)
    if turn == 1:
        refused = {**head, "direction": 1, "program": "from os import *\n"}
        copy = {**head, "direction": 2, "program": f"# the same\n{FIRST.text.replace('position', 'place_seen')}"}
        return Said([calls("propose_candidates", {"candidates": [refused, copy][:room]})])
    helper = {name: getattr(_RETRY, name) for name in ("name", "description", "when", "replaces")}
    made = [{**head, "direction": 1, "helper": {**helper, "code": _RETRY.sketch}}]
    number = sum("round 1," in line for line in briefing.split("\n"))
    if "retry_until_held" in briefing.split('<quoted kind="program">')[1].split("</quoted>")[0]:
        made = []
    for k in range(room - len(made)):
        made.append({**head, "direction": 2 + k, "program": f"{FIRST.text}wait(0.{1 + number}{k})\n"})
    return Said([calls("propose_candidates", {"candidates": made})])


def _room(briefing: str) -> int:
    return int(briefing.split(" candidates are wanted")[0].split()[-1])


def _skill(body: dict[str, Any], turn: int) -> Said:
    """First words that no skill may have, then right ones."""
    if turn == 0:
        return Said([calls("write_skill", {**WORDS, "description": "long " * 400})])
    return Said([calls("write_skill", WORDS)])
