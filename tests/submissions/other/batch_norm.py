# Right answers to lesson 6, each written in another way. All of them earn full marks.


# %% batch_norm: one feature after the other
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    Y, new_mean, new_var = torch.empty_like(X), [], []
    for c in range(X.shape[1]):
        x = X[:, c]
        m, v = running_mean[c], running_var[c]
        if training:
            m, v = x.mean(), x.var(unbiased=False)
            new_mean.append(((1 - momentum) * running_mean[c] + momentum * m).detach())
            new_var.append(((1 - momentum) * running_var[c] + momentum * x.var()).detach())
        Y[:, c] = gamma[c] * (x - m) / (v + eps) ** 0.5 + beta[c]
    if not training:
        return Y, running_mean, running_var
    return Y, torch.stack(new_mean), torch.stack(new_var)


# %% batch_norm: channels last, in float64, one factor and one summand a channel
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    rows = X.movedim(1, -1).double()
    flat = rows.reshape(-1, X.shape[1])
    if training:
        mean = flat.sum(0) / len(flat)
        var = flat.square().sum(0) / len(flat) - mean**2
        new_mean = running_mean.lerp(mean.to(X.dtype), momentum).detach()
        new_var = running_var.lerp((var * len(flat) / (len(flat) - 1)).to(X.dtype), momentum).detach()
    else:
        mean, var = running_mean.double(), running_var.double()
        new_mean, new_var = running_mean.clone(), running_var.clone()
    factor = gamma * torch.rsqrt(var + eps)
    return (rows * factor + (beta - mean * factor)).movedim(-1, 1).to(X.dtype), new_mean, new_var


# %% batch_norm: einsum over rows of pixels
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    pixels = X.flatten(2) if X.ndim > 2 else X.unsqueeze(2)
    N = pixels.shape[0] * pixels.shape[2]
    mean, var = running_mean, running_var
    if training:
        mean = torch.einsum("ncp->c", pixels) / N
        centered = pixels - mean[:, None]
        var = torch.einsum("ncp,ncp->c", centered, centered) / N
        with torch.no_grad():
            running_mean = running_mean + momentum * (mean - running_mean)
            running_var = running_var + momentum * (var * N / (N - 1) - running_var)
    deviation = (var + eps).sqrt()
    Y = torch.einsum("ncp,c->ncp", pixels - mean[:, None], gamma / deviation) + beta[:, None]
    return Y.view_as(X), running_mean, running_var


# %% batch_norm: var_mean, and the channels first
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    channels = X.transpose(0, 1).reshape(X.shape[1], -1)
    if training:
        var, mean = torch.var_mean(channels, dim=1, correction=0)
        N = channels.shape[1]
        running_mean = torch.add(running_mean * (1 - momentum), mean.detach(), alpha=momentum)
        running_var = torch.add(running_var * (1 - momentum), var.detach(), alpha=momentum * N / (N - 1))
    else:
        mean, var = running_mean.clone(), running_var.clone()
    Y = (channels.T - mean) / torch.sqrt(var + eps) * gamma + beta
    return Y.T.reshape(X.transpose(0, 1).shape).transpose(0, 1), running_mean, running_var


# %% BatchNorm: PyTorch's layer for what it owns, its own `batch_norm` for what it does
class BatchNorm(nn.BatchNorm2d):
    def __init__(self, num_features, num_dims):
        super().__init__(num_features)
        self.num_dims = num_dims

    def forward(self, X):
        if X.dim() != self.num_dims:
            raise ValueError("another number of axes")
        statistics = self.running_mean, self.running_var
        Y, self.running_mean, self.running_var = batch_norm(
            X, self.weight, self.bias, *statistics, self.training, self.momentum, self.eps
        )
        return Y


# %% BatchNorm: the buffers overwritten in place, three lines of arithmetic
class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.shape = (1, num_features) + (1,) * (num_dims - 2)
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, X):
        if X.ndim != len(self.shape):
            raise ValueError(f"Expected {len(self.shape)} axes.")
        dims = [d for d in range(X.ndim) if d != 1]
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = X.mean(dims), X.var(dims, unbiased=False)
            N = X.numel() / X.shape[1]
            self.running_mean.copy_(0.9 * self.running_mean + 0.1 * mean.detach())
            self.running_var.copy_(0.9 * self.running_var + 0.1 * var.detach() * N / (N - 1))
        X_hat = (X - mean.view(self.shape)) / (var.view(self.shape) + 1e-5).sqrt()
        return self.weight.view(self.shape) * X_hat + self.bias.view(self.shape)


# %% BatchNorm: the batches counted, the buffers overwritten without gradients
class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.axes = {2: [0], 4: [0, 2, 3]}[num_dims]
        self.weight = nn.Parameter(torch.empty(num_features).fill_(1))
        self.bias = nn.Parameter(torch.empty(num_features).fill_(0))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.register_buffer("num_batches_tracked", torch.tensor(0))

    def forward(self, X):
        if X.ndim != len(self.axes) + 1:
            raise ValueError(f"X has {X.ndim} axes")
        rows = X.movedim(1, -1)
        mean, var = self.running_mean, self.running_var
        if self.training:
            flat = rows.flatten(end_dim=-2)
            mean, var = flat.mean(0), flat.var(0, correction=0)
            self.num_batches_tracked += 1
            with torch.no_grad():
                self.running_mean.mul_(0.9).add_(0.1 * flat.mean(0))
                self.running_var.mul_(0.9).add_(0.1 * flat.var(0))
        Y = torch.addcmul(self.bias, (rows - mean) / torch.sqrt(var + 1e-5), self.weight)
        return Y.movedim(-1, 1)


# %% lenet_with_batch_norm: a module of its own, with functions
class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, kernel_size=(5, 5))
        self.norm1 = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=(5, 5))
        self.norm2 = nn.BatchNorm2d(16)
        self.fc1, self.norm3 = nn.Linear(16 * 4 * 4, 120), nn.BatchNorm1d(120)
        self.fc2, self.norm4 = nn.Linear(120, 84), nn.BatchNorm1d(84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, X):
        X = nn.functional.avg_pool2d(torch.sigmoid(self.norm1(self.conv1(X))), 2)
        X = nn.functional.avg_pool2d(torch.sigmoid(self.norm2(self.conv2(X))), 2)
        X = torch.sigmoid(self.norm3(self.fc1(X.flatten(1))))
        return self.fc3(torch.sigmoid(self.norm4(self.fc2(X))))


lenet_with_batch_norm = LeNet


# %% lenet_with_batch_norm: blocks within blocks
def lenet_with_batch_norm():
    def block(c, d):
        return nn.Sequential(nn.Conv2d(c, d, 5), nn.BatchNorm2d(d), nn.Sigmoid(), nn.AvgPool2d(kernel_size=2))

    def row(c, d):
        return nn.Sequential(nn.Linear(c, d), nn.BatchNorm1d(d), nn.Sigmoid())

    return nn.Sequential(block(1, 6), block(6, 16), nn.Flatten(), row(256, 120), row(120, 84), nn.Linear(84, 10))


# %% lenet_with_batch_norm: with the lesson's own layer
def lenet_with_batch_norm():
    net = nn.Sequential()
    for c, d in ((1, 6), (6, 16)):
        net.append(nn.Conv2d(c, d, 5)).append(BatchNorm(d, num_dims=4)).append(nn.Sigmoid())
        net.append(nn.AvgPool2d(kernel_size=2, stride=2))
    net.append(nn.Flatten())
    for c, d in ((16 * 4 * 4, 120), (120, 84)):
        net.extend([nn.Linear(c, d), BatchNorm(d, num_dims=2), nn.Sigmoid()])
    return net.append(nn.Linear(84, 10))


# %% lenet_with_batch_norm: layers by name, adaptive pooling
def lenet_with_batch_norm():
    net = nn.Sequential()
    net.add_module("c1", nn.Conv2d(1, 6, 5, stride=1, padding=0))
    net.add_module("b1", nn.BatchNorm2d(6, affine=True))
    net.add_module("s1", nn.Sigmoid())
    net.add_module("p1", nn.AdaptiveAvgPool2d(12))
    net.add_module("c2", nn.Conv2d(6, 16, 5))
    net.add_module("b2", nn.BatchNorm2d(16))
    net.add_module("s2", nn.Sigmoid())
    net.add_module("p2", nn.AdaptiveAvgPool2d((4, 4)))
    net.add_module("flat", nn.Flatten(start_dim=1))
    net.add_module("l1", nn.Linear(256, 120))
    net.add_module("b3", nn.BatchNorm1d(120))
    net.add_module("s3", nn.Sigmoid())
    net.add_module("l2", nn.Linear(120, 84))
    net.add_module("b4", nn.BatchNorm1d(84))
    net.add_module("s4", nn.Sigmoid())
    net.add_module("l3", nn.Linear(84, 10))
    return net


# %% fold_batch_norm: PyTorch's own
def fold_batch_norm(conv, bn):
    return nn.utils.fusion.fuse_conv_bn_eval(conv, bn)


# %% fold_batch_norm: PyTorch's own, for the weights alone
def fold_batch_norm(conv, bn):
    weight, bias = nn.utils.fuse_conv_bn_weights(
        conv.weight, conv.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias
    )
    new = nn.Conv2d(*weight.shape[1::-1], weight.shape[2:], stride=conv.stride, padding=conv.padding)
    new.load_state_dict({"weight": weight, "bias": bias})
    return new


# %% fold_batch_norm: a copy, changed channel by channel
def fold_batch_norm(conv, bn):
    import copy

    new = copy.deepcopy(conv)
    if new.bias is None:
        new.bias = nn.Parameter(torch.zeros(conv.out_channels))
    with torch.no_grad():
        for o in range(conv.out_channels):
            factor = bn.weight[o] / (bn.running_var[o] + bn.eps) ** 0.5
            new.weight[o] *= factor
            new.bias[o] = (new.bias[o] - bn.running_mean[o]) * factor + bn.bias[o]
    return new


# %% fold_batch_norm: einsum in float64, through .data
def fold_batch_norm(conv, bn):
    new = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding)
    scale = bn.weight.double() * (bn.running_var.double() + bn.eps).rsqrt()
    shift = bn.bias - bn.running_mean * scale
    new.weight.data = torch.einsum("oihw,o->oihw", conv.weight.double(), scale).to(conv.weight.dtype)
    new.bias.data = (shift + scale * conv.bias if conv.bias is not None else shift).to(conv.weight.dtype)
    return new


# %% fold_batch_norm: found out by asking both layers
def fold_batch_norm(conv, bn):
    co = conv.out_channels
    with torch.no_grad():
        probe = torch.cat([torch.zeros(1, co, 1, 1), torch.ones(1, co, 1, 1)]).to(conv.weight)
        shift, with_factor = bn(probe)
        weight = conv.weight * (with_factor - shift).unsqueeze(-1)
        at_rest = torch.zeros(1, co, 1, 1).to(conv.weight) if conv.bias is None else conv.bias.reshape(1, co, 1, 1)
        new = nn.Conv2d(conv.in_channels, co, conv.kernel_size, stride=conv.stride, padding=conv.padding)
        new.weight, new.bias = nn.Parameter(weight), nn.Parameter(bn(at_rest).flatten())
    return new
