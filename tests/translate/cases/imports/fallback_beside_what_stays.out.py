try:
    from torch.utils.data import IterDataPipe, functional_datapipe  # TODO(tojax): TJ200 still needed by what is unresolved
except ImportError:
    IterDataPipe = object

    def functional_datapipe(name):
        return lambda cls: cls


@functional_datapipe("halves")  # TODO(tojax): TJ201 PyTorch itself has no JAX form
class Halves(IterDataPipe):
    def __init__(self, source):
        self.source = source

    def __iter__(self):
        return (item / 2 for item in self.source)
