# lanes loop over texts of their own and call the robot inside the loop
label = "high" if get_gripper_width() > 0.15 else "low"
seen = []
for letter in label:
    seen.append(letter)
    wait(0.1)
    print(letter, label.index(letter))
print("".join(seen), len(seen))
