"""Who plays whom on a batch, with which losses and optimisers."""
