# part: user code
def start_again(model: nnx.Module):
    for layer in children(model):
        if hasattr(layer, "reset_parameters"):  # TODO(tojax): TJ201 reset_parameters: NNX's own layers have no such method; construct the model anew
            layer.reset_parameters()  # TODO(tojax): TJ201 reset_parameters: NNX's own layers have no such method; construct the model anew


def restart(head):
    head.reset_parameters()  # TODO(tojax): TJ201 reset_parameters: NNX's own layers have no such method; construct the model anew


def known(head: Linear, *, rngs: nnx.Rngs):
    start_anew(head, nnx.initializers.lecun_normal(in_axis=1, out_axis=0), nnx.initializers.zeros, rngs)
