# Right answers to lesson 4, each written in another way. All of them earn full marks.

# %% softmax: the exponential of the logarithm
def softmax(X, dim):
    return torch.exp(X - torch.logsumexp(X, dim, keepdim=True))


# %% softmax: in float64, with a maximum that carries no gradient
def softmax(X, dim):
    Z = X.double()
    exps = torch.exp(Z - Z.detach().max(dim, keepdim=True).values)
    return (exps / exps.sum(dim, keepdim=True)).to(X.dtype)


# %% softmax: a loop over the rows
def softmax(X, dim):
    table = X.movedim(dim, -1)
    rows = []
    for row in table.reshape(-1, table.shape[-1]):
        exps = (row - max(row)).exp()
        rows.append(exps / sum(exps))
    return torch.stack(rows).reshape(table.shape).movedim(-1, dim)


# %% softmax: axes moved, einsum, a new tensor that is filled in place
def softmax(X, dim):
    Y = X.transpose(dim, 0).clone()
    Y -= Y.max(0).values
    Y = Y.exp_()
    return torch.einsum("i...,...->i...", Y, 1 / Y.sum(0)).transpose(0, dim)


# %% log_softmax: torch.logsumexp
def log_softmax(X, dim):
    return X - torch.logsumexp(X, dim, keepdim=True)


# %% log_softmax: the maximum and the logarithm added up first
def log_softmax(X, dim):
    highest = torch.max(X, dim=dim, keepdim=True)[0]
    total = torch.sum(torch.exp(X - highest), dim=dim, keepdim=True)
    return X - (highest + torch.log(total))


# %% log_softmax: in float64
def log_softmax(X, dim):
    Z = X.to(torch.float64)
    Z = Z - Z.amax(dim).unsqueeze(dim)
    return (Z - Z.exp().sum(dim).log().unsqueeze(dim)).to(X.dtype)


# %% log_softmax: a loop over the slices
def log_softmax(X, dim):
    slices = X.unbind(dim)
    total = slices[0]
    for score in slices[1:]:
        total = torch.logaddexp(total, score)
    return torch.stack([score - total for score in slices], dim)


# %% cross_entropy: the logarithm with torch.logsumexp, numbers picked by gather
def cross_entropy(logits, labels):
    logs = logits - logits.logsumexp(1, keepdim=True)
    return -logs.gather(1, labels[:, None]).mean()


# %% cross_entropy: one-hot, with the lesson's own function
def cross_entropy(logits, labels):
    chosen = nn.functional.one_hot(labels, logits.shape[1]).to(logits.dtype)
    return -(chosen * log_softmax(logits, 1)).sum() / len(labels)


# %% cross_entropy: the logarithm of the sum less the score
def cross_entropy(logits, labels):
    chosen = logits[torch.arange(logits.shape[0], device=logits.device), labels]
    return (torch.logsumexp(logits, 1) - chosen).mean()


# %% cross_entropy: in float64, by einsum
def cross_entropy(logits, labels):
    wanted = torch.eye(logits.shape[1], dtype=torch.float64, device=logits.device)[labels]
    losses = torch.einsum("nc,nc->n", wanted, log_softmax(logits.double(), 1))
    return losses.mean().neg().to(logits.dtype)


# %% cross_entropy: columns turned to the diagonal
def cross_entropy(logits, labels):
    return -log_softmax(logits, 1)[:, labels].diagonal().mean()


# %% cross_entropy: masked
def cross_entropy(logits, labels):
    right = labels.unsqueeze(1) == torch.arange(logits.size(1), device=labels.device)
    return -torch.where(right, log_softmax(logits, -1), 0.0).sum(1).mean(0)


# %% SoftmaxRegression: a function that gives an nn.Sequential
def SoftmaxRegression(num_inputs, num_classes):
    return nn.Sequential(nn.Flatten(), nn.Linear(num_inputs, num_classes))


# %% SoftmaxRegression: a kind of nn.Sequential
class SoftmaxRegression(nn.Sequential):
    def __init__(self, num_inputs, num_classes):
        super().__init__(nn.Flatten(), nn.Linear(num_inputs, num_classes))


# %% SoftmaxRegression: a kind of nn.Linear
class SoftmaxRegression(nn.Linear):
    def forward(self, X):
        return super().forward(X.flatten(start_dim=1))


# %% SoftmaxRegression: the number of inputs found out on the first call
class SoftmaxRegression(nn.Module):
    def __init__(self, num_inputs, num_outputs):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.LazyLinear(num_outputs))

    def forward(self, X):
        return self.net(X)


# %% SoftmaxRegression: the layer's product written out, with weights that start small
class SoftmaxRegression(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.num_inputs = num_inputs
        self.layer = nn.Linear(in_features=num_inputs, out_features=num_classes)
        nn.init.normal_(self.layer.weight, std=0.01)
        nn.init.zeros_(self.layer.bias)

    def forward(self, X):
        return X.reshape(-1, self.num_inputs) @ self.layer.weight.T + self.layer.bias


# %% predict: by the maximum, without gradients, in evaluation mode
@torch.no_grad()
def predict(model, X):
    model.eval()
    _, classes = model(X).max(dim=-1)
    return classes


# %% predict: by the highest probability
def predict(model, X):
    return torch.argmax(nn.functional.softmax(model(X), dim=1), dim=1)


# %% predict: by sorting
def predict(model, X):
    return model(X).argsort(1, descending=True)[:, 0]


# %% predict: by a loop over the samples
def predict(model, X):
    return torch.tensor([int(row.argmax()) for row in model(X)])


# %% predict: by topk
def predict(model, X):
    return model(X).topk(1, dim=1).indices.squeeze(1)


# %% accuracy: counted by a loop
def accuracy(logits, labels):
    right = 0
    for row, label in zip(logits, labels, strict=True):
        if row.argmax() == label:
            right += 1
    return right / len(labels)


# %% accuracy: the sum divided by the number of samples
def accuracy(logits, labels):
    return float((logits.max(dim=1)[1] == labels).sum()) / labels.shape[0]


# %% accuracy: by columns, in float64
def accuracy(logits, labels):
    best = logits.double().argmax(dim=1, keepdim=True)
    return best.eq(labels.view(-1, 1)).double().mean().item()


# %% accuracy: by NumPy
def accuracy(logits, labels):
    return float((logits.detach().numpy().argmax(axis=1) == labels.numpy()).mean())


# %% accuracy: one less the share that is wrong
def accuracy(logits, labels):
    return 1 - torch.count_nonzero(logits.argmax(1) - labels).item() / len(labels)
