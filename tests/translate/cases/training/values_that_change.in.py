import torch
import torch.nn.functional as F


def truncated(model, optimizer, criterion, batches, hidden):
    for x, y in batches:
        hidden = hidden.detach()
        output, hidden = model(x, hidden)
        loss = criterion(output, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return hidden


def unrolled(encoder, decoder, encoder_optimizer, decoder_optimizer, source, target):
    encoder_optimizer.zero_grad()
    decoder_optimizer.zero_grad()
    hidden = encoder.start()
    states = torch.zeros(len(source), hidden.shape[-1])
    loss = 0
    for i, token in enumerate(source):
        hidden = encoder(token, hidden)
        states[i] = hidden
    for token in target:
        output, hidden = decoder(hidden, states)
        loss += F.mse_loss(output, token)
    loss.backward()
    encoder_optimizer.step()
    decoder_optimizer.step()
    return loss.item()


def real_and_made(critic, optimizer, criterion, real, made):
    label = torch.ones(len(real))
    output = critic(real)
    real_loss = criterion(output, label)
    real_loss.backward()
    label.fill_(0)
    output = critic(made.detach())
    made_loss = criterion(output, label)
    made_loss.backward()
    optimizer.step()
    optimizer.zero_grad()
