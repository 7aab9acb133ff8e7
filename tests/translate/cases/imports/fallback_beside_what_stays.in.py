try:
    from torch.utils.data import IterDataPipe, functional_datapipe
except ImportError:
    IterDataPipe = object

    def functional_datapipe(name):
        return lambda cls: cls


@functional_datapipe("halves")
class Halves(IterDataPipe):
    def __init__(self, source):
        self.source = source

    def __iter__(self):
        return (item / 2 for item in self.source)
