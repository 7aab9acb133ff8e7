# part: user code
def top(model, x, k):
    out = model(x)
    out = out[:, -1] / k
    out[out < 0] = 0  # TODO(tojax): TJ203 arrays do not change: out = out.at[...].set(...), if it is one
    out[:, 3] += 1  # TODO(tojax): TJ203 arrays do not change: out = out.at[...].set(...), if it is one
    a, b = model(x)
    a[..., 0] = b  # TODO(tojax): TJ203 arrays do not change: a = a.at[...].set(...), if it is one
    return out, a


class Net(nnx.Module):
    def __init__(self, body):
        self.body = body

    def __call__(self, x):
        features, weights = self.body(x)
        weights[weights > 1] = 1  # TODO(tojax): TJ203 arrays do not change: weights = weights.at[...].set(...), if it is one
        features[0] = features[1]
        return features, weights


def of_others(model, table, x):
    found = model(x)
    found["loss"] = 0
    found[0] = 1
    scores = np.asarray(model(x))
    scores[scores < 0] = 0
    table[table < 0] = 0
    return found, scores
