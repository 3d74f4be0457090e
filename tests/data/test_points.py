"""Points as a data set: fresh for each batch or from a file, drawn, and taken from pictures."""

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from ganstudio.data.densities.mixture import Mixture
from ganstudio.data.drawn import FACE, painted, written
from ganstudio.data.load import Loader
from ganstudio.data.points import CHUNK, FreshSampler, PointsData, PointsSource
from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.registry import registry
from ganstudio.training.trainer import Trainer

DENSITY = Mixture(np.array([[-1.0, 0.0], [1.0, 0.5]]), 0.1)


def source(kind: str, **params) -> PointsSource:
    found = registry.build("data", kind, params, "data")
    assert isinstance(found, PointsSource)
    return found


# fresh points


def test_fresh_points_do_not_depend_on_the_sizes_of_batches():
    one, other = FreshSampler(DENSITY, 5), FreshSampler(DENSITY, 5)
    sizes = [1, 500, CHUNK - 300, CHUNK, 7, 64]
    assert [len(batch) for batch in map(one.next, sizes)] == sizes
    total = sum(sizes)
    whole = torch.cat([other.next(count) for count in (total - 100, 100)])
    again = FreshSampler(DENSITY, 5)
    assert torch.equal(torch.cat([again.next(size) for size in sizes]), whole)
    assert len(torch.unique(whole, dim=0)) == total


@pytest.mark.parametrize("taken", [0, 100, CHUNK - 10, CHUNK, CHUNK + 1])
def test_a_restored_fresh_sampler_goes_on_with_the_same_points(taken):
    sampler = FreshSampler(DENSITY, 3)
    for count in (taken // 2, taken - taken // 2):
        if count:
            sampler.next(count)
    other = FreshSampler(DENSITY, 99)
    other.load(sampler.state())
    for size in (10, CHUNK, 33, 1):
        assert torch.equal(sampler.next(size), other.next(size))


def test_seeds_give_different_points_and_the_global_generator_is_left_alone():
    before = torch.get_rng_state()
    assert not torch.equal(FreshSampler(DENSITY, 1).next(9), FreshSampler(DENSITY, 2).next(9))
    assert torch.equal(torch.get_rng_state(), before)


def test_points_without_end_have_room_for_the_largest_batch():
    largest = next(rule.le for rule in Experiment.model_fields["batch_size"].metadata if hasattr(rule, "le"))
    assert len(PointsData(DENSITY)) >= largest
    assert len(FreshSampler(DENSITY, 0).next(largest)) == largest
    experiment, _ = change(files.preset("ring-8"), "batch_size", largest)
    Trainer(experiment)


def test_batches_of_a_finite_set_lie_alike_in_memory(tmp_path):
    data = read(tmp_path, "".join(f"{x},{x / 9}\n" for x in range(100)))
    sampler = data.sampler(1)
    kept = [data.draw(sampler, count).x for count in range(3, 60)]
    assert {batch.data_ptr() % 64 for batch in kept} == {0}


def test_a_finite_set_gives_each_point_once_an_epoch():
    points = torch.arange(20.0).view(10, 2)
    data = PointsData(DENSITY, points)
    sampler = data.sampler(1)
    epoch = torch.cat([data.draw(sampler, size).x for size in (4, 5, 1)])
    assert torch.equal(epoch[epoch[:, 0].argsort()], points)
    assert (len(data), data.shape, data.mean()) == (10, (2,), None)


# networks and augmentations made for images


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        ({"players.generator.network": "dcgan-generator"}, "players.generator.network: DCGAN works on images"),
        ({"players.discriminator.network": "dcgan-discriminator"}, "players.discriminator.network: DCGAN works on"),
        ({"players.generator.network": "goodfellow-generator"}, "players.generator.network: the 2014 pair works on"),
        ({"players.discriminator.network": "goodfellow-discriminator"}, "players.discriminator.network: the 2014"),
        ({"augmentation.flip.probability": 0.5}, "augmentation.flip: .*works on images"),
        ({"augmentation.shift.pixels": 2}, "augmentation.shift: .*works on images"),
        ({"regularisers.diff-augment.cutout": 0.5}, "regularisers.diff-augment: .*works on images"),
    ],
)
def test_what_is_made_for_images_refuses_points_before_the_first_step(edits, sentence):
    experiment = files.preset("ring-8")
    for path, value in edits.items():
        experiment, _ = change(experiment, path, value)
    with pytest.raises(StudioError, match=sentence):
        Trainer(experiment)


def test_what_is_made_for_images_is_refused_while_points_are_trained():
    trainer = Trainer(files.preset("ring-8"))
    with pytest.raises(StudioError, match=r"augmentation.flip: .*points"):
        trainer.edit("augmentation.flip.probability", 0.5)
    assert trainer.experiment.augmentation == {}
    trainer.step()


# parameters


@pytest.mark.parametrize(
    ("kind", "params", "sentence"),
    [
        ("mixture", {"means": []}, "data.means: must be 1 to 16 numbers"),
        ("mixture", {"means": [0, 1e9]}, "data.means: must be 1 to 16 numbers"),
        ("mixture", {"means": [0, "x"]}, "data.means.1: "),
        ("mixture", {"sigmas": [0.1, 0]}, "data.sigmas: must be numbers from 0.0001 to 100"),
        ("mixture", {"weights": []}, "data.weights: must be numbers from 0.0001 to 100"),
        ("normal", {"sigma": 0}, "data.sigma: must be a number of at least 0.0001"),
        ("skew-normal", {"scale": 1e-300}, "data.scale: must be a number of at least 0.0001"),
        ("line", {"sigma": 1e-9}, "data.sigma: must be a number of at least 0.0001"),
        ("two-gaussians", {"first": [0, 0, 1]}, "data.first: must be four numbers"),
        ("two-gaussians", {"second": [0, 0, 1, -1]}, "data.second: must be four numbers"),
        ("disjoint", {"centres": [1, 2, 3]}, "data.centres: must be 1 to 16 pairs"),
        ("line", {"ends": [1, 1, 1, 1]}, "data.ends: must be four numbers .* of two places"),
        ("circle", {"centre": [0, 1e9]}, "data.centre: must be two numbers"),
        ("circle", {"centre": [0, float("nan")]}, "data.centre"),
        ("spiral", {"arms": 0}, "data.arms: must be a whole number of at least 1"),
        ("drawn-curve", {"heights": [0, 0]}, "data.heights: must not all be 0"),
        ("drawn-curve", {"heights": [1, -1]}, "data.heights: must be 1 to 512 numbers from 0"),
        ("drawn-plane", {"cells": ""}, "data.cells: must be 1 to 64 rows"),
        ("drawn-plane", {"cells": "000 000"}, "data.cells: must not all be 0"),
        ("drawn-plane", {"cells": "012 01"}, "data.cells: must have 3 digits, 0 to 9, in each row .row 2"),
        ("drawn-plane", {"cells": "01a"}, "data.cells: must have 3 digits"),
        ("points-csv", {"columns": [1, 1]}, "data.columns: must be one or two different"),
        ("points-csv", {"columns": [0]}, "data.columns: must be one or two different"),
    ],
)
def test_a_parameter_that_makes_no_density_is_refused(kind, params, sentence):
    with pytest.raises(StudioError, match=sentence):
        source(kind, **params)


def test_a_curve_too_long_for_its_breadth_is_refused_with_the_breadth_that_will_do():
    with pytest.raises(StudioError, match=r"data.sigma: is too small .* make it 0.82 or more"):
        source("swiss-roll", turns=10.0, radius=100.0, sigma=0.001).density()


def test_lists_of_different_lengths_are_no_mistake():
    found = source("mixture", means=[-2.0, 0.0, 2.0], sigmas=[0.1, 0.3], weights=[2.0]).density()
    assert found.sigmas[:, 0].tolist() == [0.1, 0.3, 0.3]
    assert np.allclose(found.weights, 1 / 3)


# drawn by hand


def test_a_drawing_is_read_as_it_is_seen():
    paint = painted("90 00 05")
    assert paint.shape == (2, 3)
    assert paint[0, 2] == 9  # upper left
    assert paint[1, 0] == 5  # lower right
    density = source("drawn-plane", cells="90 00 05", width=2.0).density()
    assert density.density(np.array([[-0.5, 1.0]]))[0] == pytest.approx(9 / 14)
    assert density.density(np.array([[0.5, -1.0]]))[0] == pytest.approx(5 / 14)


def test_a_drawing_survives_being_written():
    assert written(painted(FACE)) == " ".join(FACE.split())
    assert written(np.array([[0.0, 1e-3], [2.0, 1.0]])) == "15 09"
    assert written(np.zeros((2, 1))) == "00"


# pictures


@pytest.fixture
def picture(tmp_path):
    """A black disc in the upper left of a white page."""
    image = Image.new("L", (200, 200), "white")
    ImageDraw.Draw(image).ellipse((20, 20, 80, 80), fill="black")
    image.save(tmp_path / "disc.png")
    return tmp_path / "disc.png"


def test_a_picture_gives_points_where_it_is_dark(picture):
    density = source("picture", path=str(picture), width=4.0).density()
    points = density.sample(2000, torch.Generator().manual_seed(0)).numpy()
    assert np.allclose(points.mean(0), [-1, 1], atol=0.05)
    assert np.hypot(*(points - [-1, 1]).T).max() < 0.7
    assert len(density.modes) == 1


def test_a_picture_gives_points_where_it_is_light(picture):
    density = source("picture", path=str(picture), mass="light").density()
    assert density.density(np.array([[-1.0, 1.0], [1.0, -1.0]])).tolist()[0] == 0
    assert density.density(np.array([[1.0, -1.0]]))[0] > 0


def test_what_is_transparent_has_no_points(tmp_path):
    image = Image.new("RGBA", (64, 32), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (0, 0, 16, 32))
    image.save(tmp_path / "alpha.png")
    density = source("picture", path=str(tmp_path / "alpha.png"), mass="light").density()
    points = density.sample(500, torch.Generator().manual_seed(0)).numpy()
    assert points[:, 0].max() < -0.8
    assert np.abs(points[:, 1]).max() < 1.2  # the bars above and below it have none either


def test_a_changed_picture_is_read_again(picture):
    loader, one = Loader(), source("picture", path=str(picture))
    first = loader(one)
    assert loader(one) is first
    Image.new("L", (50, 50), "black").save(picture)
    assert loader(one) is not first


def test_pictures_that_will_not_do_are_named(tmp_path):
    Image.new("L", (20, 20), "white").save(tmp_path / "blank.png")
    (tmp_path / "text.png").write_text("hello")
    for name, sentence in [
        ("nowhere.png", "there is no such file"),
        ("", "folder; choose one image file"),
        ("blank.png", "has nothing darker than the threshold"),
        ("text.png", "cannot be used as a picture .not an image of a known format"),
    ]:
        with pytest.raises(StudioError, match=sentence) as error:
            source("picture", path=str(tmp_path / name)).load()
        assert str(tmp_path) in str(error.value)
    with pytest.raises(StudioError, match=r"data.path: no folder or file is chosen"):
        source("picture").load()


# points from files


def read(tmp_path, text: str, **params) -> PointsData:
    (tmp_path / "points.csv").write_bytes(text.encode())
    return source("points-csv", path=str(tmp_path / "points.csv"), **{"scaled": False, **params}).load()


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n0,1\n0.5,-2\n",
        "0,1\r\n0.5,-2\r\n\r\n",
        "x;y\n0;1\n0,5;-2\n",
        "0\t1\n5e-1\t-2",
        "# made by hand\nx y\n 0  1\n .5 -2.0\n",
        '"x","y"\n"0","1"\n"0.5","-2"\n',
    ],
)
def test_points_are_read_from_all_usual_tables(tmp_path, text):
    data = read(tmp_path, "\ufeff" + text)
    assert data.points.tolist() == [[0, 1], [0.5, -2]]
    assert data.notes == []


def test_columns_can_be_chosen_and_one_makes_a_number_line(tmp_path):
    text = "name,a,b,c\nfirst,1,2,3\nsecond,4,5,7\n"
    assert read(tmp_path, text, columns=[4, 2]).points.tolist() == [[3, 1], [7, 4]]
    assert read(tmp_path, text, columns=[3]).points.tolist() == [[2], [5]]
    assert read(tmp_path, "1\n2\n4\n").shape == (1,)


def test_a_file_with_more_columns_says_which_are_taken(tmp_path):
    text = ",x,y\n0,1.5,2\n1,4,5\n2,7,1\n"  # with the number of each line, as tables are often written
    assert read(tmp_path, text).notes == ["points.csv: of its 3 columns, 1 and 2 are taken; Columns chooses others."]
    assert read(tmp_path, text, columns=[2, 3]).notes == []


def test_bad_rows_are_left_out_and_named(tmp_path):
    data = read(tmp_path, "x,y\n1,2\n3,\nnan,1\n4,inf\n5\n6,7,8\nwords,here\n9,8\n")
    assert data.points.tolist() == [[1, 2], [6, 7], [9, 8]]
    assert data.notes == ["points.csv: what stands in line 3, 4, 5, 6, 8 is no point and was left out."]
    many = read(tmp_path, "1,2\n3,4\n" + "?,?\n" * 9)
    assert many.notes == ["points.csv: what stands in line 3, 4, 5, 6, 7 and 4 more is no point and was left out."]


@pytest.mark.parametrize(
    ("text", "params", "sentence"),
    [
        ("", {}, "has no line with numbers .*it is empty"),
        ("x,y\na,b\n", {}, "has no line with numbers in column 1 and 2 .line 2 has none"),
        ("1,2\n3,4\n", {"columns": [1, 5]}, "has no line with numbers in column 1 and 5 .line 2 has none"),
        ("1,2\n1,2\n", {}, "holds fewer than two different points"),
        ("0,0\n1e-320,0\n", {"scaled": True}, "holds points too near to each other"),
        ("50\n50.00000000000001\n", {}, "holds points too near to each other"),
        ("1,2\n5000,2\n", {}, "has numbers up to 5e.03, too far from 0 to be learnt; set data.scaled to true"),
    ],
)
def test_a_file_without_points_is_named(tmp_path, text, params, sentence):
    with pytest.raises(StudioError, match=sentence) as error:
        read(tmp_path, text, **params)
    assert "points.csv" in str(error.value)


def test_what_is_no_text_or_not_there_is_named(tmp_path):
    (tmp_path / "points.csv").write_bytes(b"\xff\xfe\x00\x80" * 9)
    for name, sentence in [("points.csv", "not a text file"), ("", "this is a folder"), ("no.csv", "no such file")]:
        with pytest.raises(StudioError, match=sentence):
            source("points-csv", path=str(tmp_path / name)).load()


def test_a_batch_larger_than_a_finite_set_is_refused(tmp_path):
    (tmp_path / "few.csv").write_text("1,2\n3,4\n5,5\n")
    experiment, _ = change(files.preset("ring-8"), "data.path", str(tmp_path / "few.csv"))
    with pytest.raises(StudioError, match=r"batch_size: .* larger than the data set .3 samples"):
        Trainer(experiment)


def test_scaled_points_keep_their_shape_and_the_density_follows_them(tmp_path):
    drawn = np.random.default_rng(0).normal([500, -3], [40, 10], (4000, 2))
    np.savetxt(tmp_path / "far.csv", drawn, delimiter=",", header="x,y", comments="")
    data = source("points-csv", path=str(tmp_path / "far.csv")).load()
    points = data.points.numpy()
    assert np.abs(points).max() == pytest.approx(2)
    assert points[:, 0].std() / points[:, 1].std() == pytest.approx(4, rel=0.05)
    sigma = points.std(0)
    estimate = Mixture(points, np.tile(sigma * 4000 ** (-1 / 6), (4000, 1)))  # each point a bell, Scott's rule
    at = points[:300]
    assert np.abs(data.density.density(at) - estimate.density(at)).max() < 0.08 * estimate.density(at).max()
    assert len(data.density.modes) == 1
    # The estimate is a little broader than the points: by its bandwidth.
    fresh = data.density.sample(20_000, torch.Generator().manual_seed(0)).numpy()
    assert fresh.std(0) / sigma == pytest.approx(np.full(2, np.sqrt(1 + 4000 ** (-1 / 3))), rel=0.03)


def test_a_bandwidth_of_ones_own(tmp_path):
    data = read(tmp_path, "-1\n1\n" * 50, bandwidth=0.2, cells=400)
    expected = Mixture(np.array([[-1.0], [1.0]]), 0.2)
    x = np.linspace(-1.5, 1.5, 200)[:, None]
    assert np.abs(data.density.density(x) - expected.density(x)).max() < 0.03
    assert data.density.modes[:, 0] == pytest.approx([-1, 1], abs=0.02)


def test_points_on_a_straight_line_have_a_density(tmp_path):
    data = read(tmp_path, "\n".join(f"{x},1" for x in range(10)))
    assert np.isfinite(data.density.log_density(data.points.numpy())).all()
