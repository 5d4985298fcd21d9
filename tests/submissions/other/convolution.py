# Right answers to lesson 5, each written in another way. All of them earn full marks.

# %% corr2d: windows and einsum
def corr2d(X, K):
    windows = X.unfold(0, K.shape[0], 1).unfold(1, K.shape[1], 1)
    return torch.einsum("ijab,ab->ij", windows, K)


# %% corr2d: over the kernel, in float64
def corr2d(X, K):
    oh, ow = X.shape[0] - K.shape[0] + 1, X.shape[1] - K.shape[1] + 1
    parts = [X[a : a + oh, b : b + ow].double() * K[a, b].double() for a in range(K.shape[0]) for b in range(K.shape[1])]
    return torch.stack(parts).sum(0).to(X.dtype)


# %% corr2d: numbers collected in lists
def corr2d(X, K):
    kh, kw = K.shape
    rows = []
    for top in range(len(X) - kh + 1):
        row = []
        for left in range(len(X[0]) - kw + 1):
            row.append(sum(X[top + a, left + b] * K[a, b] for a in range(kh) for b in range(kw)))
        rows.append(torch.stack(row))
    return torch.stack(rows)


# %% corr2d: columns of windows times the kernel
def corr2d(X, K):
    windows = nn.functional.unfold(X[None, None], K.shape)[0]
    return (K.flatten() @ windows).view(X.shape[0] - K.shape[0] + 1, -1)


# %% corr2d_multi_in: a loop
def corr2d_multi_in(X, K):
    res = corr2d(X[0], K[0])
    for i in range(1, X.shape[0]):
        res += corr2d(X[i], K[i])
    return res


# %% corr2d_multi_in: stacked
def corr2d_multi_in(X, K):
    return torch.stack([corr2d(X[c], K[c]) for c in range(len(X))]).sum(dim=0)


# %% corr2d_multi_in: windows and einsum
def corr2d_multi_in(X, K):
    windows = X.unfold(1, K.shape[1], 1).unfold(2, K.shape[2], 1)
    return torch.einsum("chwab,cab->hw", windows, K)


# %% corr2d_multi_in: from zeros, the last channel first, in float64
def corr2d_multi_in(X, K):
    X, K, dtype = X.double(), K.double(), X.dtype
    total = X.new_zeros(X.shape[1] - K.shape[1] + 1, X.shape[2] - K.shape[2] + 1)
    for c in reversed(range(X.shape[0])):
        total = total + corr2d(X[c], K[c])
    return total.to(dtype)


# %% corr2d_multi_in_out: cat of what was unsqueezed
def corr2d_multi_in_out(X, K):
    return torch.cat([corr2d_multi_in(X, k).unsqueeze(0) for k in K])


# %% corr2d_multi_in_out: maps filled in one by one
def corr2d_multi_in_out(X, K):
    Y = torch.zeros(K.shape[0], X.shape[1] - K.shape[2] + 1, X.shape[2] - K.shape[3] + 1)
    for o in range(K.shape[0]):
        for c in range(K.shape[1]):
            Y[o] += corr2d(X[c], K[o, c])
    return Y


# %% corr2d_multi_in_out: windows, one product of matrices
def corr2d_multi_in_out(X, K):
    windows = X.unfold(1, K.shape[2], 1).unfold(2, K.shape[3], 1)
    return torch.tensordot(K, windows, dims=([1, 2, 3], [0, 3, 4]))


# %% corr2d_multi_in_out: stacked last, then moved, a view
def corr2d_multi_in_out(X, K):
    return torch.stack([corr2d_multi_in(X, k) for k in K], dim=-1).permute(2, 0, 1)


# %% corr2d_multi_in_out_1x1: einsum
def corr2d_multi_in_out_1x1(X, K):
    return torch.einsum("chw,oc->ohw", X, K[:, :, 0, 0])


# %% corr2d_multi_in_out_1x1: a linear layer over the channels
def corr2d_multi_in_out_1x1(X, K):
    return nn.functional.linear(X.permute(1, 2, 0), K.flatten(1)).permute(2, 0, 1)


# %% corr2d_multi_in_out_1x1: broadcast and sum
def corr2d_multi_in_out_1x1(X, K):
    return (K * X).sum(dim=1)


# %% corr2d_multi_in_out_1x1: pixels on the left, in float64
def corr2d_multi_in_out_1x1(X, K):
    pixels = X.flatten(1).T.double() @ K.flatten(1).T.double()
    return pixels.T.reshape(len(K), *X.shape[1:]).to(X.dtype)


# %% corr2d_multi_in_out_1x1: a product for each row of the image, by broadcasting
def corr2d_multi_in_out_1x1(X, K):
    return (K.squeeze(-1).squeeze(-1) @ X.transpose(0, 1)).transpose(0, 1)


# %% corr2d_multi_in_out_1x1: tensordot
def corr2d_multi_in_out_1x1(X, K):
    return torch.tensordot(K.flatten(1), X, dims=1)


# %% FlattenLayer: PyTorch's own
FlattenLayer = nn.Flatten


# %% FlattenLayer: flatten
class FlattenLayer(nn.Module):
    def forward(self, x):
        return torch.flatten(x, start_dim=1)


# %% FlattenLayer: the sizes multiplied in a loop
class FlattenLayer(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        length = 1
        for size in x.shape[1:]:
            length *= size
        return x.contiguous().view(x.size(0), length)


# %% FlattenLayer: sample by sample
class FlattenLayer(nn.Module):
    def forward(self, x):
        return torch.stack([sample.ravel() for sample in x])


# %% FlattenLayer: a layer inside the layer
class FlattenLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten())

    def forward(self, x):
        return self.net(x)


# %% conv1x1_as_linear: PyTorch's own linear function
def conv1x1_as_linear(conv, x):
    sh, sw = conv.stride
    x = x.permute(0, 2, 3, 1)[:, ::sh, ::sw]
    return nn.functional.linear(x, conv.weight[:, :, 0, 0], conv.bias).permute(0, 3, 1, 2)


# %% conv1x1_as_linear: PyTorch's own linear layer, called with the parameters
def conv1x1_as_linear(conv, x):
    linear = nn.Linear(conv.in_channels, conv.out_channels, bias=conv.bias is not None)
    parameters = {"weight": conv.weight.squeeze((2, 3))}
    if conv.bias is not None:
        parameters["bias"] = conv.bias
    pixels = x[..., :: conv.stride[0], :: conv.stride[1]].movedim(1, -1)
    return torch.func.functional_call(linear, parameters, pixels).movedim(-1, 1).contiguous()


# %% conv1x1_as_linear: PyTorch's own linear layer, given the parameters
def conv1x1_as_linear(conv, x):
    linear = nn.Linear(conv.in_channels, conv.out_channels)
    del linear.weight, linear.bias
    linear.weight, linear.bias = conv.weight.flatten(1), conv.bias
    sh, sw = conv.stride
    return linear(x[:, :, ::sh, ::sw].transpose(1, 3)).transpose(1, 3)


# %% conv1x1_as_linear: einsum, every pixel first and the stride afterwards
def conv1x1_as_linear(conv, x):
    Y = torch.einsum("oc,nchw->nohw", conv.weight[..., 0, 0], x)
    if conv.bias is not None:
        Y = Y + conv.bias[:, None, None]
    sh, sw = conv.stride
    return Y[:, :, ::sh, ::sw]


# %% conv1x1_as_linear: one tall matrix of pixels, in float64
def conv1x1_as_linear(conv, x):
    x = x[:, :, :: conv.stride[0], :: conv.stride[1]]
    n, ci, h, w = x.shape
    rows = x.transpose(0, 1).reshape(ci, -1).T.double()
    outputs = rows @ conv.weight.reshape(-1, ci).T.double()
    if conv.bias is not None:
        outputs = outputs + conv.bias.double()
    return outputs.T.reshape(-1, n, h, w).transpose(0, 1).to(x.dtype)


# %% conv1x1_as_linear: broadcast and sum
def conv1x1_as_linear(conv, x):
    sh, sw = conv.stride
    products = x[:, None, :, ::sh, ::sw] * conv.weight
    bias = 0 if conv.bias is None else conv.bias.view(1, -1, 1, 1)
    return products.sum(2) + bias


# %% conv1x1_as_linear: picked by index, the bias as one more channel of ones
def conv1x1_as_linear(conv, x):
    rows = torch.arange(0, x.shape[2], conv.stride[0])
    columns = torch.arange(0, x.shape[3], conv.stride[1])
    x = x.index_select(2, rows).index_select(3, columns)
    weight = conv.weight.flatten(1)
    if conv.bias is not None:
        x = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
        weight = torch.cat([weight, conv.bias.unsqueeze(1)], dim=1)
    return torch.tensordot(x, weight, dims=([1], [1])).permute(0, 3, 1, 2)


# %% conv1x1_as_linear: the function of exercise 4, mapped over the batch
def conv1x1_as_linear(conv, x):
    sh, sw = conv.stride
    Y = torch.vmap(corr2d_multi_in_out_1x1, in_dims=(0, None))(x[:, :, ::sh, ::sw], conv.weight)
    return Y if conv.bias is None else Y + conv.bias.reshape(-1, 1, 1)


# %% conv_output_size: the formula of PyTorch's documentation
def conv_output_size(n, kernel, stride, padding):
    import math

    return math.floor((n + 2 * padding - 1 * (kernel - 1) - 1) / stride + 1)


# %% conv_output_size: places counted one by one
def conv_output_size(n, kernel, stride, padding):
    places = 0
    start = -padding
    while start + kernel <= n + padding:
        places += 1
        start += stride
    return places


# %% conv_output_size: the length of a range
def conv_output_size(n, kernel, stride, padding):
    return len(range(0, n + 2 * padding - kernel + 1, stride))


# %% conv_output_size: places in a tensor
def conv_output_size(n, kernel, stride, padding):
    return torch.arange(n + 2 * padding - kernel + 1)[::stride].numel()


# %% conv_output_size: a float cut to a whole number
def conv_output_size(n, kernel, stride, padding):
    steps = (n - kernel + padding + padding) / stride
    return 1 + int(steps)
