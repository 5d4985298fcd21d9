# Answers with the effect of a known mistake from another cause, by exercise and mistake. What they are told is true of them.

# %% softmax: pytorchs_own_softmax: by the exponential of its logarithm
def softmax(X, dim):
    return torch.log_softmax(X, dim).exp()


# %% softmax: probabilities_detached: recording is off
def softmax(X, dim):
    with torch.no_grad():
        exps = (X - X.amax(dim, keepdim=True)).exp()
        return exps / exps.sum(dim, keepdim=True)


# %% softmax: scores_shifted_in_place: by sub_
def softmax(X, dim):
    exps = X.sub_(X.amax(dim, keepdim=True)).exp()
    return exps / exps.sum(dim, keepdim=True)


# %% cross_entropy: logarithm_of_zero: one-hot inside
def cross_entropy(logits, labels):
    chosen = nn.functional.one_hot(labels, logits.shape[1])
    return -torch.log((chosen * softmax(logits, 1)).sum(1)).mean()


# %% cross_entropy: loss_detached: made a tensor again
def cross_entropy(logits, labels):
    return torch.tensor(-log_softmax(logits, 1)[range(len(labels)), labels].mean().item())


# %% cross_entropy: only_the_first_sample: no loop
def cross_entropy(logits, labels):
    return -log_softmax(logits, 1)[0, labels[0]]


# %% SoftmaxRegression: LogitsWithoutGradient: detached
class SoftmaxRegression(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.linear = nn.Linear(num_inputs, num_classes)

    def forward(self, X):
        return self.linear(X.flatten(1)).detach()


# %% SoftmaxRegression: NotFlattened: flatten thrown away
class SoftmaxRegression(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.linear = nn.Linear(num_inputs, num_classes)

    def forward(self, X):
        X.flatten(1)
        return self.linear(X)


# %% accuracy: whole_numbers_only: int
def accuracy(logits, labels):
    return float(int((logits.argmax(1) == labels).float().mean()))


# %% cross_entropy: averaged_over_the_classes_too: divided by the number of scores
def cross_entropy(logits, labels):
    return -log_softmax(logits, 1)[range(len(labels)), labels].sum() / logits.numel()


# %% SoftmaxRegression: LayerInAList: in a dictionary
class SoftmaxRegression(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.layers = {"linear": nn.Linear(num_inputs, num_classes)}

    def forward(self, X):
        return self.layers["linear"](X.flatten(1))


# %% SoftmaxRegression: LayerInAList: plain tensors in the place of a layer
class SoftmaxRegression(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.W = torch.normal(0, 0.01, (num_inputs, num_classes), requires_grad=True)
        self.b = torch.zeros(num_classes, requires_grad=True)

    def forward(self, X):
        return torch.matmul(X.reshape((-1, self.W.shape[0])), self.W) + self.b


# %% SoftmaxRegression: ParametersOfItsOwn: under other names, in the other order
class SoftmaxRegression(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.W = nn.Parameter(torch.randn(num_classes, num_inputs) * 0.01)
        self.b = nn.Parameter(torch.zeros(num_classes))

    def forward(self, X):
        return X.flatten(1) @ self.W.T + self.b


# %% predict: signs_lost: by a square
def predict(model, X):
    return (model(X) ** 2).argmax(1)
