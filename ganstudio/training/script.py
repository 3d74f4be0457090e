"""A scene as commands: what a person's hand would do, each at its step."""

from ganstudio.experiment.scenes import Scene
from ganstudio.training.commands import Command, Edit, Pace, Pause, Say


def script(scene: Scene, *, wait: bool = True, until: int = 0) -> list[Command]:
    """The commands of a scene, in the order in which they act; they follow the opening of its experiment.

    ``wait`` False plays it through at full speed, as without a window. ``until`` plays through to this beat (counted
    from 0) and rests there. Neither changes what is trained.
    """
    commands: list[Command] = []
    if wait and until:
        commands.append(Pace(at=0, steps_per_s=0.0))
    for index, beat in enumerate(scene.beats):
        commands += [Edit(at=beat.at, path=path, value=value) for path, value in beat.edits.items()]
        commands.append(Say(at=beat.at, caption=beat.caption, beat=index, beats=len(scene.beats)))
        if wait and index >= until:
            if index == until or beat.pace is not None:
                commands.append(Pace(at=beat.at, steps_per_s=pace(scene, index)))
            if beat.pause or index == until:
                commands.append(Pause(at=beat.at))
    return [*commands, Pause(at=scene.steps)] if wait else commands


def pace(scene: Scene, index: int) -> float:
    """Steps per second from a beat on, 0 for full speed: as it says, or as the last before it that says."""
    said = [beat.pace for beat in scene.beats[: index + 1] if beat.pace is not None]
    return said[-1] if said else 0.0
