# How functions of a program may be called, and what Python says when they are called wrongly.
def outer():
    def planner(name, /, *, margin=0.02, seen=[]):
        seen.append(name)
        return seen
    return planner
p = outer()
print(p("a"), p("b"))
def tried(f, *args, **kwargs):
    try:
        f(*args, **kwargs)
    except TypeError as error:
        print("TypeError:", str(error))
tried(p, name="milk")
tried(p, "b", nam="milk")
tried(p)
tried(lambda x: x)
tried(lambda x, *, y: x, 1)
tried(lambda x, *, y: x, 1, 2)
tried(lambda x, *, y: x, 1, 2, y=3)
tried(lambda x, *, y: x, 1, y=1, x=2)
tried(lambda x=2: x, 1, 3)
tried(lambda x=2: x, 1, z=3)
tried(outer, 1, 2)
tried(outer, 1, 2, w=2)
def q(a, b=1, *, c, d): return lambda z: z
tried(q, 1, 2, 3)
tried(q, 1, 2, 3, c=3)
tried(q)
tried(q, 1)
tried(q, 1, c=2)
tried(q(1, c=2, d=3))
