import jax.numpy as jnp


def advantages(rewards, values, gamma):
    found = jnp.zeros_like(rewards)
    last = 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] - values[t]
        last = delta + gamma * last
        found = found.at[t].set(last)
    return found


def collect(steps, play):
    rewards, dones = jnp.zeros(steps), jnp.zeros(steps)
    for step in range(steps):
        reward, done = play(step)
        rewards = rewards.at[step].set(jnp.array(reward))
        finished = done
        dones = dones.at[step].set(float(finished))
        count = step
    return rewards, dones, count


def swapped(x):
    x[0], x[1] = x[1], x[0]  # TODO(tojax): TJ203 assign to one array item at a time
    return x


def crossed(t):
    found = jnp.zeros((3, 3))
    found = found.at[0, 1].set(-t[2])
    found = found.at[1, 0].set(t[2])
    return found
