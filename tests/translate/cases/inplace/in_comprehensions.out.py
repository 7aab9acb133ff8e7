import jax


def halve(rows: list[jax.Array]):
    return [row.div_(2) for row in rows]  # TODO(tojax): TJ203 changes what the comprehension takes in place


def shift(
    rows: list[jax.Array],
):
    for row in zip(
        rows,
    ):
        row[0].add_(1)  # TODO(tojax): TJ203 changes what the loop takes from 'zip( rows, )' in place
    for row in reversed(
        rows,
    ):
        row.add_(1)  # TODO(tojax): TJ203 changes what the loop takes from 'reversed( rows, )' in place
