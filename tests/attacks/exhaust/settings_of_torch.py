# Tries to leave those who come next other settings of PyTorch: dtype, device, threads, gradients, precision, determinism.
# Earns: total 2
# %%
import torch
torch.set_default_dtype(torch.float64)
torch.set_default_device("meta")
torch.set_num_threads(2)
torch.set_num_interop_threads(3)
torch.set_grad_enabled(False)
torch.use_deterministic_algorithms(True, warn_only=True)
torch.set_float32_matmul_precision("medium")
torch.set_flush_denormal(True)
torch.set_printoptions(precision=1, sci_mode=True)
torch.autograd.set_detect_anomaly(True)
torch.backends.mkldnn.enabled = torch.backends.cudnn.enabled = False
torch.utils.deterministic.fill_uninitialized_memory = False
torch.Tensor.sum_attack_left = torch.Tensor.sum

# %%
def total(X):
    return (X * 2).sum(1)
