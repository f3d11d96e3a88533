def risky(kind):
    if kind == "value":
        raise ValueError("bad value")
    if kind == "key":
        return {"a": 1}["b"]
    if kind == "index":
        return [1, 2][5]
    if kind == "zero":
        return 1 / 0
    if kind == "type":
        return "a" + 1
    if kind == "perception":
        pos, quat = get_object_pose("nothing")
        return float(pos[0])
    return kind


for kind in ["value", "key", "index", "zero", "type", "perception", "fine"]:
    try:
        print(kind, risky(kind))
    except PerceptionError as e:
        print("perception", e)
    except (KeyError, IndexError) as e:
        print("lookup", type_name := str(e), e.args)
    except ZeroDivisionError:
        print("division")
    except Exception as e:
        print("other", e)
    else:
        print("no error")
    finally:
        print("finally", kind)


def nested():
    try:
        try:
            wait(0.1)
            raise RuntimeError("inner")
        finally:
            print("cleanup")
    except RuntimeError as e:
        raise ValueError(f"outer from {e}") from e


try:
    nested()
except ValueError as e:
    print(e)


def returns():
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                return i
            print("body", i)
        finally:
            print("leave", i)


print(returns())
