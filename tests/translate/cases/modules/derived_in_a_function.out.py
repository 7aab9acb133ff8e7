# part: user code
def recording(calls: list):
    class Recorded(AvgPool2d):
        def __call__(self, x):
            calls.append(x.shape)
            return super().__call__(x)

    return Recorded
