import torch


def advantages(rewards, values, gamma):
    found = torch.zeros_like(rewards)
    last = 0
    for t in reversed(range(len(rewards))):
        delta = rewards[t] - values[t]
        found[t] = last = delta + gamma * last
    return found


def collect(steps, play):
    rewards, dones = torch.zeros(steps), torch.zeros(steps)
    for step in range(steps):
        reward, done = play(step)
        rewards[step], finished = torch.tensor(reward), done
        dones[step], count = float(finished), step
    return rewards, dones, count


def swapped(x):
    x = x.clone()
    x[0], x[1] = x[1], x[0]
    return x


def crossed(t):
    found = torch.zeros(3, 3)
    found[0, 1], found[1, 0] = -t[2], t[2]
    return found
