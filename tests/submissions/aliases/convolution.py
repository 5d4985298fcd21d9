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
