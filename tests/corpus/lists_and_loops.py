queue = [("milk", 2), ("butter", 1), ("salad dressing", 3)]
done = []
while queue:
    name, budget = queue.pop(0)
    ok = False
    while budget > 0:
        budget -= 1
        if not goto_pose([0.3, 0.05 * budget, 0.2], [0, 1, 0, 0]):
            continue
        ok = True
        break
    else:
        print("budget of", name, "spent")
    if ok:
        done.append(name)
    elif len(done) < 2 and name != "again":
        queue.append(("again", 1))
print(done, len(done), "milk" in done, done.count("again"))
first, *rest = done or ["none"]
print(first, rest)
done.insert(0, "start")
done.reverse()
print(done, done.index("start"), done[::-1], done[-1])
copy = done[:]
copy[0:1] = ["x", "y"]
del copy[-1]
done.extend(copy)
print(done, [n.title() for n in copy], " / ".join(sorted(set(done))))
nested = {"a": [1, 2, {"b": (3, 4)}]}
nested["a"][2]["b"] += (5,)
print(nested, nested.get("z", "missing"), nested.pop("a")[0], nested)
