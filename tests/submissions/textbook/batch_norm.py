# Lesson 6 as d2l and PyTorch's own documentation write it. One cell an exercise; all of them earn full marks.


# %% batch_norm: textbook
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    assert len(X.shape) in (2, 4)
    shape = (1, X.shape[1]) if len(X.shape) == 2 else (1, X.shape[1], 1, 1)
    if not training:
        X_hat = (X - running_mean.view(shape)) / torch.sqrt(running_var.view(shape) + eps)
    else:
        if len(X.shape) == 2:
            mean = X.mean(dim=0)
            var = ((X - mean) ** 2).mean(dim=0)
        else:
            mean = X.mean(dim=(0, 2, 3), keepdim=True)
            var = ((X - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)
        X_hat = (X - mean) / torch.sqrt(var + eps)
        n = X.numel() / X.shape[1]
        running_mean = (1.0 - momentum) * running_mean + momentum * mean.view(-1)
        running_var = (1.0 - momentum) * running_var + momentum * var.view(-1) * n / (n - 1)
    Y = gamma.view(shape) * X_hat + beta.view(shape)
    return Y, running_mean.data, running_var.data


# %% BatchNorm: textbook
class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, X):
        if len(X.shape) != self.num_dims:
            raise ValueError(f"expected {self.num_dims}D input (got {X.dim()}D input)")
        if self.running_mean.device != X.device:
            self.running_mean = self.running_mean.to(X.device)
            self.running_var = self.running_var.to(X.device)
        Y, self.running_mean, self.running_var = batch_norm(
            X, self.weight, self.bias, self.running_mean, self.running_var, self.training, eps=1e-5, momentum=0.1
        )
        return Y


# %% lenet_with_batch_norm: textbook
def lenet_with_batch_norm():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5),
        nn.BatchNorm2d(6),
        nn.Sigmoid(),
        nn.AvgPool2d(2, 2),
        nn.Conv2d(6, 16, 5),
        nn.BatchNorm2d(16),
        nn.Sigmoid(),
        nn.AvgPool2d(2, 2),
        nn.Flatten(),
        nn.Linear(256, 120),
        nn.BatchNorm1d(120),
        nn.Sigmoid(),
        nn.Linear(120, 84),
        nn.BatchNorm1d(84),
        nn.Sigmoid(),
        nn.Linear(84, 10),
    )


# %% fold_batch_norm: textbook
def fold_batch_norm(conv, bn):
    fusedconv = nn.Conv2d(
        conv.in_channels,
        conv.out_channels,
        kernel_size=conv.kernel_size,
        stride=conv.stride,
        padding=conv.padding,
        bias=True,
    )
    w_conv = conv.weight.clone().view(conv.out_channels, -1)
    w_bn = torch.diag(bn.weight.div(torch.sqrt(bn.eps + bn.running_var)))
    with torch.no_grad():
        fusedconv.weight.copy_(torch.mm(w_bn, w_conv).view(fusedconv.weight.size()))
        b_conv = conv.bias if conv.bias is not None else torch.zeros(conv.weight.size(0))
        b_bn = bn.bias - bn.weight.mul(bn.running_mean).div(torch.sqrt(bn.running_var + bn.eps))
        fusedconv.bias.copy_(torch.matmul(w_bn, b_conv) + b_bn)
    return fusedconv
