# Answers with the effect of a known mistake from another cause, by exercise and mistake. What they are told is true of them.

# %% batch_norm: output_detached: cut off at the end
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    axes, shape = ((0,), (1, -1)) if X.dim() == 2 else ((0, 2, 3), (1, -1, 1, 1))
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axes), X.var(axes, correction=0)
        running_mean = (1 - momentum) * running_mean + momentum * mean.detach()
        running_var = (1 - momentum) * running_var + momentum * X.detach().var(axes)
    X_hat = (X - mean.reshape(shape)) / torch.sqrt(var.reshape(shape) + eps)
    Y = gamma.reshape(shape) * X_hat + beta.reshape(shape)
    return Y.detach(), running_mean, running_var


# %% batch_norm: axes_told_by_len: by the first size
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    axes, shape = ((0,), (1, -1)) if X.shape[0] == 2 else ((0, 2, 3), (1, -1, 1, 1))
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axes), X.var(axes, correction=0)
        running_mean = (1 - momentum) * running_mean + momentum * mean.detach()
        running_var = (1 - momentum) * running_var + momentum * X.detach().var(axes)
    X_hat = (X - mean.reshape(shape)) / torch.sqrt(var.reshape(shape) + eps)
    return gamma.reshape(shape) * X_hat + beta.reshape(shape), running_mean, running_var


# %% batch_norm: always_training: compared with None
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    axes, shape = ((0,), (1, -1)) if X.dim() == 2 else ((0, 2, 3), (1, -1, 1, 1))
    mean, var = running_mean, running_var
    if training is not None:
        mean, var = X.mean(axes), X.var(axes, correction=0)
        running_mean = (1 - momentum) * running_mean + momentum * mean.detach()
        running_var = (1 - momentum) * running_var + momentum * X.detach().var(axes)
    X_hat = (X - mean.reshape(shape)) / torch.sqrt(var.reshape(shape) + eps)
    return gamma.reshape(shape) * X_hat + beta.reshape(shape), running_mean, running_var


# %% batch_norm: running_values_never_updated: new ones under another name
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    axes, shape = ((0,), (1, -1)) if X.dim() == 2 else ((0, 2, 3), (1, -1, 1, 1))
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axes), X.var(axes, correction=0)
        new_mean = (1 - momentum) * running_mean + momentum * mean.detach()
        new_var = (1 - momentum) * running_var + momentum * X.detach().var(axes)
    X_hat = (X - mean.reshape(shape)) / torch.sqrt(var.reshape(shape) + eps)
    return gamma.reshape(shape) * X_hat + beta.reshape(shape), running_mean, running_var


# %% BatchNorm: AlwaysTraining: the method train for the mode
class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, X):
        if X.dim() != self.num_dims:
            raise ValueError("another number of axes")
        Y, self.running_mean, self.running_var = batch_norm(
            X, self.weight, self.bias, self.running_mean, self.running_var, self.train, 0.1, 1e-5
        )
        return Y


# %% BatchNorm: RunningValuesNeverUpdated: under names of their own
class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, X):
        if X.dim() != self.num_dims:
            raise ValueError("another number of axes")
        Y, running_mean, running_var = batch_norm(
            X, self.weight, self.bias, self.running_mean, self.running_var, self.training, 0.1, 1e-5
        )
        return Y


# %% BatchNorm: BuffersNotRegistered: buffers that are not saved
class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features), persistent=False)
        self.register_buffer("running_var", torch.ones(num_features), persistent=False)

    def forward(self, X):
        if X.dim() != self.num_dims:
            raise ValueError("another number of axes")
        Y, self.running_mean, self.running_var = batch_norm(
            X, self.weight, self.bias, self.running_mean, self.running_var, self.training, 0.1, 1e-5
        )
        return Y


# %% BatchNorm: AnyNumberOfAxes: the error is made, and not raised
class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, X):
        if X.dim() != self.num_dims:
            ValueError("another number of axes")
        Y, self.running_mean, self.running_var = batch_norm(
            X, self.weight, self.bias, self.running_mean, self.running_var, self.training, 0.1, 1e-5
        )
        return Y


# %% BatchNorm: SamplesCountedForAxes: by the first size
class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, X):
        if X.shape[0] != self.num_dims:
            raise ValueError("Another number of axes was expected.")
        Y, self.running_mean, self.running_var = batch_norm(
            X, self.weight, self.bias, self.running_mean, self.running_var, self.training, 0.1, 1e-5
        )
        return Y


# %% BatchNorm: ParametersCutOff: by data
class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, X):
        if X.dim() != self.num_dims:
            raise ValueError("another number of axes")
        Y, self.running_mean, self.running_var = batch_norm(
            X, self.weight.data, self.bias.data, self.running_mean, self.running_var, self.training, 0.1, 1e-5
        )
        return Y


# %% fold_batch_norm: convolution_itself_changed: in place
def fold_batch_norm(conv, bn):
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    bias = 0 if conv.bias is None else conv.bias
    conv.bias = nn.Parameter((bias - bn.running_mean) * scale + bn.bias)
    conv.weight.data *= scale.detach().reshape(-1, 1, 1, 1)
    return conv


# %% fold_batch_norm: convolution_itself_changed: another name
def fold_batch_norm(conv, bn):
    folded = conv
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    bias = 0 if conv.bias is None else conv.bias
    folded.weight = nn.Parameter(conv.weight * scale.reshape(-1, 1, 1, 1))
    folded.bias = nn.Parameter((bias - bn.running_mean) * scale + bn.bias)
    return folded


# %% batch_norm: pictures_counted_for_numbers: the first size for N
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    axes, shape = ([0], (1, -1)) if X.dim() == 2 else ([0, 2, 3], (1, -1, 1, 1))
    mean, var = running_mean, running_var
    if training:
        mean = X.mean(axes)
        var = ((X - mean.view(shape)) ** 2).mean(axes)
        n = X.shape[0]
        running_mean = (1 - momentum) * running_mean + momentum * mean.detach()
        running_var = (1 - momentum) * running_var + momentum * n / (n - 1) * var.detach()
    Y = (X - mean.view(shape)) / torch.sqrt(var.view(shape) + eps)
    return Y * gamma.view(shape) + beta.view(shape), running_mean, running_var


# %% BatchNorm: NamesOfItsOwn: as in the book
class BatchNorm(nn.Module):
    def __init__(self, num_features, num_dims):
        super().__init__()
        shape = (1, num_features) if num_dims == 2 else (1, num_features, 1, 1)
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))
        self.moving_mean = torch.zeros(shape)
        self.moving_var = torch.ones(shape)

    def forward(self, X):
        if self.moving_mean.device != X.device:
            self.moving_mean = self.moving_mean.to(X.device)
            self.moving_var = self.moving_var.to(X.device)
        Y, self.moving_mean, self.moving_var = batch_norm(
            X, self.gamma, self.beta, self.moving_mean, self.moving_var, self.training, momentum=0.1, eps=1e-5
        )
        return Y


# %% fold_batch_norm: factors_along_the_wrong_axis: copied into a new layer
def fold_batch_norm(conv, bn):
    new = nn.Conv2d(conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding)
    scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    bias = torch.zeros_like(bn.bias) if conv.bias is None else conv.bias
    with torch.no_grad():
        new.weight.copy_(conv.weight * scale)
        new.bias.copy_((bias - bn.running_mean) * scale + bn.bias)
    return new.to(conv.weight)
