# Answers with the effect of a known mistake from another cause, by exercise and mistake. What they are told is true of them.

# %% fit: cleared_before_the_step: backward is never called
def fit(model, loaders, optimizer, epochs, theta):
    train_loader, test_loader = loaders
    losses, accuracies = [], []
    for _ in range(epochs):
        model.train()
        loss_sum, count = 0, 0
        for X, y in train_loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(X), y)
            optimizer.step()
            loss_sum += loss.item() * len(X)
            count += len(X)
        losses.append(loss_sum / count)
        accuracies.append(evaluate(model, test_loader))
    return losses, accuracies
