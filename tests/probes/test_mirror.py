"""A mirror shows the network as it stands, in evaluation mode, and leaves it alone."""

import torch

from ganstudio.probes.mirror import Mirror


def test_a_refreshed_mirror_has_the_weights_of_the_moment(make_trainer, make):
    trainer = make_trainer(*make)
    for player in trainer.players.values():
        mirror = Mirror(player.network)
        trainer.step()
        copied = mirror.refresh().state_dict()
        for name, tensor in player.network.state_dict().items():
            assert torch.equal(copied[name], tensor), name


def test_the_network_goes_on_training_and_the_mirror_judges(make_trainer, make):
    network = make_trainer(*make).players["discriminator"].network
    mirror = Mirror(network)
    assert network.training
    assert not any(module.training for module in mirror.network.modules())
    assert not any(parameter.requires_grad for parameter in mirror.network.parameters())


def test_a_mirror_shares_no_memory(make_trainer):
    network = make_trainer().players["discriminator"].network
    mine = {tensor.data_ptr() for tensor in Mirror(network).network.state_dict().values()}
    assert not mine & {tensor.data_ptr() for tensor in network.state_dict().values()}
