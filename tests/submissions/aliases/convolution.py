# Answers with the effect of a known mistake from another cause, by exercise and mistake. What they are told is true of them.

# %% corr2d_multi_in: only_the_first_channel: no loop over the channels
def corr2d_multi_in(X, K):
    return corr2d(X[0], K[0])


# %% corr2d: columns_counted_like_rows: both loops over the height
def corr2d(X, K):
    h, w = X.shape
    kh, kw = K.shape
    Y = torch.zeros(h - kh + 1, w - kw + 1)
    for i in range(h - kh + 1):
        for j in range(h - kh + 1):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y


# %% corr2d: numbers_without_gradient: detached at the end
def corr2d(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y.detach()


# %% corr2d: returns_after_the_first_row: the loop over rows is short
def corr2d(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for j in range(Y.shape[1]):
        Y[0, j] = (X[:kh, j : j + kw] * K).sum()
    return Y


# %% corr2d: result_written_into_the_image: name
def corr2d(X, K):
    kh, kw = K.shape
    Y = X
    for i in range(X.shape[0] - kh + 1):
        for j in range(X.shape[1] - kw + 1):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y[: X.shape[0] - kh + 1, : X.shape[1] - kw + 1]


# %% corr2d_multi_in_out: first_kernel_for_all_maps: repeated
def corr2d_multi_in_out(X, K):
    return torch.stack([corr2d_multi_in(X, K[0])] * len(K))


# %% corr2d_multi_in_out: maps_of_averages: by a wrong helper
def corr2d_multi_in_out(X, K):
    return torch.stack([torch.stack([corr2d(x, k) for x, k in zip(X, kernel)]).mean(0) for kernel in K])


# %% corr2d_multi_in_out_1x1: loops_after_all: over the pixels
def corr2d_multi_in_out_1x1(X, K):
    W = K[:, :, 0, 0]
    rows = [torch.stack([W @ X[:, i, j] for j in range(X.shape[2])], 1) for i in range(X.shape[1])]
    return torch.stack(rows, 1)


# %% conv1x1_as_linear: weights_copied: by data
def conv1x1_as_linear(conv, x):
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    bias = None if conv.bias is None else conv.bias.data
    return nn.functional.linear(pixels, conv.weight.data.flatten(1), bias).permute(0, 3, 1, 2)


# %% conv_output_size: printed_only: a name
def conv_output_size(n, kernel, stride, padding):
    size = (n + 2 * padding - kernel) // stride + 1


# %% conv1x1_as_linear: height_and_width_swapped: on the way there
def conv1x1_as_linear(conv, x):
    sh, sw = conv.stride
    outputs = nn.functional.linear(x[:, :, ::sh, ::sw].permute(0, 3, 2, 1), conv.weight.flatten(1), conv.bias)
    return outputs.permute(0, 3, 1, 2)


# %% corr2d: window_lies_on_its_side: both sizes are read in the wrong order
def corr2d(X, K):
    w, h = K.shape
    Y = X.new_zeros(X.shape[0] - h + 1, X.shape[1] - w + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return Y


# %% conv_output_size: without_the_exact_fit: a comparison that leaves the last place out
def conv_output_size(n, kernel, stride, padding):
    count, place = 0, -padding
    while place + kernel < n + padding:
        count += 1
        place += stride
    return count
