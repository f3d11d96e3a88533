"""Control flow of the program language: every lane does what plain Python does."""

from __future__ import annotations

import textwrap

import pytest

from aspire_mjx.machine.output import Outcome
from tests.support.table_robot import assert_agrees

SEEDS = list(range(10))
#: values that differ between lanes: w and n are numbers, name is text, s a status, p a position or None
VARYING = """
w = get_gripper_width()
n = int(w * 20)
name = ["milk", "soup", "butter"][n % 3]
r = get_object_pose(name)
s = r.status
p = r.position if r else None
"""

MATCHES = {
    "numbers": """
        match n:
            case 0:
                print("zero")
            case 1 | 2 | -3:
                print("few")
            case 4.0:
                print("four")
            case _:
                print("many", n)
    """,
    "texts": """
        def kind(x):
            match x:
                case "milk" | "soup":
                    return "food"
                case None:
                    return "nothing"
                case True:
                    return "yes"
                case 1:
                    return "one"
                case "never" if False:
                    pass
            return "else"
        print(kind(name), kind(None), kind(True), kind(1), kind(1.0), kind(w > 0.1), kind([]))
    """,
    "status": """
        for attempt in range(3):
            r = get_object_pose(name)
            match r.status:
                case "OK":
                    print("found", r.position)
                    break
                case "NOT_FOUND":
                    continue
                case other:
                    print("other", other)
        else:
            print("never")
    """,
    "guards": """
        match n:
            case x if x > 3:
                print("large", x)
            case x if x % 2:
                print("odd", x)
            case x:
                print("rest", x)
        print(x)
    """,
    "sequences": """
        for value in [(n, 1), [n, 2, 3], [], (name,), "ab", range(2), (n, (w, [name, 5])), np.zeros(2), p]:
            match value:
                case []:
                    print("empty")
                case [7, 1] | [8, 5]:
                    print("never")
                case [2 | 3 as x, 1]:
                    print("two", x)
                case (0, y):
                    print("zero", y)
                case (a, (b, [c, 5])):
                    print(a, b, c)
                case [first, *_, 3]:
                    print(first)
                case [one]:
                    print("one", one)
                case [first, *rest]:
                    print(first, rest)
                case None:
                    print("None")
                case _:
                    print("no sequence")
    """,
    "nothing bound by a pattern that fails": """
        x = "before"
        match [n, 9]:
            case [x, 8]:
                pass
            case [3, 1]:
                pass
        print(x)
    """,
    "raising guard": """
        try:
            match n:
                case x if 1 / (x - 2) > 0.4:
                    print("guarded", x)
                case x:
                    print("free", x)
        except ZeroDivisionError as error:
            print(error)
    """,
    "inside loops and functions": """
        def act(commands):
            done = []
            for command in commands:
                match command:
                    case "stop":
                        return done
                    case ("move", x, y):
                        done.append(x + y)
                    case ("turn", angle) if angle > w:
                        done.append(angle)
                    case _:
                        continue
                done.append("after")
            return done
        print(act([("move", n, 1), ("turn", 0.15), name, "stop", 5]))
    """,
}

EXITS = {
    "return from finally": """
        def f(x):
            try:
                if x > 2:
                    raise ValueError("large")
                return "try"
            finally:
                if x > 1:
                    return "finally"
                print("passing")
        print(f(n), f(0), f(5))
    """,
    "return swallows": """
        def f():
            try:
                return 1 / (n - n)
            finally:
                return "swallowed"
        print(f())
    """,
    "break and continue from finally": """
        for i in range(4):
            try:
                if i == n % 4:
                    raise ValueError(i)
                print("fine", i)
            finally:
                if i == 2:
                    break
                continue
        print(i)
    """,
    "break drops a pending return and the iterators it passed": """
        def f(x):
            for i in range(3):
                try:
                    for j in "abc":
                        for k in [1, 2]:
                            if i + k > x:
                                return (i, j, k)
                finally:
                    if i < 2:
                        continue
            return "end"
        print([f(x) for x in (n, 2, 3, 9)])
        def g():
            total = 0
            for i in range(3):
                for j in range(2):
                    try:
                        try:
                            return "never"
                        finally:
                            total += j
                            break
                    finally:
                        total += 10
                total += 100
            return total
        print(g())
    """,
    "nested ways out": """
        def f(x):
            log = []
            while True:
                try:
                    try:
                        if x == 0:
                            return log
                        if x == 1:
                            raise ValueError("one")
                        if x == 2:
                            break
                        log.append("body")
                    finally:
                        log.append("inner")
                        for i in range(5):
                            try:
                                if i == x:
                                    break
                            finally:
                                log.append(i)
                except ValueError as error:
                    log.append(str(error))
                    return log
                finally:
                    log.append("outer")
                    if x > 3:
                        break
                    x += 1
                    if x < 3:
                        continue
            log.append("end")
            return log
        for x in (0, 1, 2, 3, 4, n):
            print(f(x))
    """,
    "raise again in finally": """
        def again():
            raise
        def f(x):
            try:
                try:
                    raise KeyError("first")
                finally:
                    try:
                        again()
                    except KeyError as error:
                        print("again", error)
                    if x > 2:
                        raise IndexError("second")
            except LookupError as error:
                return type_of(error)
        def type_of(error):
            return "key" if isinstance(error, KeyError) else "index"
        print(f(n))
    """,
    "the name of an exception goes": """
        for i in range(3):
            try:
                raise ValueError(i)
            except ValueError as e:
                if i == n % 3:
                    break
        try:
            print(e)
        except NameError as error:
            print(error)
    """,
    "uncaught through finally": """
        try:
            print([1, 2][n])
        finally:
            print("cleaning", name)
    """,
    "else and finally": """
        for x in (0, n):
            try:
                value = 10 / x
            except ZeroDivisionError:
                print("zero")
            else:
                print("else", value)
            finally:
                print("finally")
    """,
    "loops with else": """
        for i in range(3):
            if i == n:
                break
        else:
            print("no break")
        k = n
        while k < 4:
            k += 2
            if k == 3:
                break
        else:
            print("done", k)
        print(i, k)
    """,
    "raise from, assert": """
        try:
            try:
                assert n < 2, f"n is {n}"
                assert n
            except AssertionError as error:
                raise RuntimeError("wrapped", error.args) from error
        except (RuntimeError, KeyError) as error:
            print(error.args, error)
        print("end")
    """,
    "re-raise": """
        def f():
            try:
                return [1][n]
            except IndexError:
                print("noted")
                raise
        try:
            print(f())
        except Exception as error:
            print("outside", error)
    """,
}


@pytest.mark.parametrize("body", [*MATCHES.values(), *EXITS.values()], ids=[*MATCHES, *EXITS])
def test_agrees_with_plain_python(body: str) -> None:
    text = "import numpy as np\n" + VARYING + textwrap.dedent(body)
    run = assert_agrees(text, SEEDS)
    prints = {end.prints for end in run.ends.values()}
    assert all(prints)
    fine = {end.outcome for end in run.ends.values()} == {Outcome.DONE}
    assert fine == ("[n])\n" not in body)
