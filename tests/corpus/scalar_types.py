import math

w = get_gripper_width()
n = int(w * 100)
print(n, n % 7, n // 4, -n, n**2, n / 4, n == 12, n > 10, n & 3, divmod(n, 5))
print(type_ok := isinstance(w, float), isinstance(n, int), isinstance([], (list, tuple)), isinstance("a", str))
print(round(w, 2), round(w * 100), abs(-w) == w, math.floor(w * 10), math.sqrt(w) > 0.1)
print(f"{w:.3f}|{n:5d}|{n:<4}|{w:e}|{w!r:.4}|{n:04d}|{str(n)!r}|{w:>10.2f}|{True}|{None}")
print("%.2f and %d and %s" % (w, n, "text"))
print("{:.2f} {name}".format(w, name="x"))
flag = w > 0.15
other = not flag
print(flag, other, flag and n, flag or "none", 0.1 < w < 0.2, 1 if flag else 2, flag is True)
label = "high" if flag else "low"
print(label.upper(), label[0], label.startswith("h"), len(label), label + "!", label * 2, "ig" in label)
for ch in label:
    print(ch, end=" ")
print()
total = 0
for i in range(n):
    total += i
    if total > 50:
        break
print(total)
while n > 3:
    n -= 3
print(n, float(n), str(n) + "x", bool(n), min(n, 2), max(n, w))
