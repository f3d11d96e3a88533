def make_counter():
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count

    return step


counter = make_counter()
other = make_counter()


def attempt(action, *args, tries=2, **options):
    for _ in range(tries):
        counter()
        result = action(*args, **options)
        if result:
            return result
        print(action is goto_pose, result.status)
    return result


r = attempt(goto_pose, [0.4, 0.1, 0.2], [0, 1, 0, 0], z_approach=0.05)
g = attempt(close_gripper, tries=3)
print(counter(by=0), other(), bool(r), bool(g))


def fact(n):
    return 1 if n <= 1 else n * fact(n - 1)


def fib(n, memo={}):
    if n in memo:
        return memo[n]
    memo[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
    return memo[n]


print(fact(10), fib(20))
compose = lambda f, g: lambda x: f(g(x))
print(compose(lambda x: x + 1, lambda x: x * 2)(10))
