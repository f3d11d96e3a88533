def parse(text):
    words = text.lower().replace("place it in the basket", "").split()
    start = words.index("the") + 1
    return " ".join(words[start:]).replace(" and", "").strip()


text = task_language()
target = parse(text)
print(text, "->", target)
synonyms = {"alphabet soup": ["soup can", "can"], "milk": ["milk carton"]}
names = [target] + synonyms.get(target, [])
found = None
for name in names:
    result = get_object_pose(name)
    if result:
        found = name
        break
if found is None:
    print("not found:", ", ".join(names))
else:
    pos, quat = result
    print("found", found, round(pos[0], 3))
    if "soup" in target:
        goto_pose(pos, quat)
    elif target == "milk":
        goto_pose(pos, quat, z_approach=0.2)
    else:
        solve_ik(pos, quat)
