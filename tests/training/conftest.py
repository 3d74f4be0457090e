"""Sessions at rest and at work, closed at the end."""

import pytest
import torch
from told import Told, small

from ganstudio.training.commands import Open, Train


@pytest.fixture
def told():
    torch.set_num_threads(1)
    found = Told()
    yield found
    found.close()


@pytest.fixture
def running(told):
    told.session.start()
    told.post(Open(experiment=small()), Train())
    told.event("started")
    return told
