"""Any folder of images: every format, shape and depth, and what is wrong with some files."""

import os
import struct
import zlib
from time import monotonic

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.data import decode, memory
from ganstudio.data.dataset import Cancelled
from ganstudio.data.folder import Folder
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.registry import registry

GENERATOR = np.random.default_rng(0)


def blocks(width=16, height=16, channels=3):
    """Flat 8 × 8 blocks of random colour: lossy formats keep them nearly."""
    rough = GENERATOR.integers(0, 256, (height // 8, width // 8, channels), dtype=np.uint8)
    return rough.repeat(8, 0).repeat(8, 1)


def load(folder, **params):
    return Folder(Folder.Config(path=str(folder), **({"size": 16} | params))).load()


def only_image(folder, **params):
    data = load(folder, **params)
    assert len(data) == 1, data.notes
    return data.images[0].numpy().astype(int)


@pytest.mark.parametrize(
    ("name", "options", "tolerance"),
    [
        ("a.png", {}, 0),
        ("a.bmp", {}, 0),
        ("a.webp", {"lossless": True}, 0),
        ("a.jpg", {"quality": 95, "subsampling": 0}, 6),
        ("a.tif", {}, 0),
        ("a.ppm", {}, 0),
        ("A.PNG", {}, 0),
    ],
)
def test_formats_give_their_pixels(tmp_path, name, options, tolerance):
    pixels = blocks()
    Image.fromarray(pixels).save(tmp_path / name, **options)
    assert np.abs(only_image(tmp_path) - pixels).max() <= tolerance


def test_a_lossy_webp_is_read(tmp_path):
    smooth = np.linspace(0, 255, 16).astype(np.uint8)[:, None, None].repeat(16, 1).repeat(3, 2)
    Image.fromarray(smooth).save(tmp_path / "a.webp", quality=95)
    assert np.abs(only_image(tmp_path, channels="colour") - smooth).max() <= 6


def test_the_first_frame_of_a_gif_is_taken(tmp_path):
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue", "lime")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=100)
    assert (only_image(tmp_path) == [255, 0, 0]).all()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_modes_of_pixels_are_read_exactly(tmp_path, mode):
    image = Image.fromarray(blocks()).convert(mode)
    image.save(tmp_path / "a.png")
    assert (only_image(tmp_path, channels="colour") == np.asarray(image.convert("RGB"))).all()


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_16_bit_grey_is_scaled_and_not_clipped(tmp_path, name):
    values = np.linspace(0, 65535, 256).round().astype(np.uint16).reshape(16, 16)
    Image.fromarray(values).save(tmp_path / name)
    assert Image.open(tmp_path / name).mode.startswith("I")
    data = load(tmp_path)
    assert data.shape == (1, 16, 16)
    assert (data.images[0, :, :, 0].numpy() == np.arange(256).reshape(16, 16)).all()


def test_cmyk_becomes_rgb(tmp_path):
    image = Image.fromarray(blocks()).convert("CMYK")
    image.save(tmp_path / "a.jpg", quality=95, subsampling=0)
    assert np.abs(only_image(tmp_path) - np.asarray(image.convert("RGB")).astype(int)).max() <= 8


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_exif_orientation_is_followed(tmp_path, orientation, suffix):
    # The upright picture: red, green, blue, white clockwise from the top left.
    upright = np.zeros((16, 16, 3), np.uint8)
    upright[:8, :8, 0] = upright[:8, 8:, 1] = upright[8:, 8:, 2] = 255
    upright[8:, :8] = 255
    # What a camera stores so that the tag's transformation brings it upright (EXIF 2.3, tag 0x0112).
    undo = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(undo[orientation](upright)))
    stored.save(tmp_path / f"a.{suffix}", exif=exif, quality=100)
    assert np.abs(only_image(tmp_path)[4:12:7, 4:12:7] - upright[4:12:7, 4:12:7]).max() <= 12


@pytest.mark.filterwarnings("ignore")
def test_a_malformed_exif_block_does_not_cost_the_picture(tmp_path):
    Image.fromarray(blocks()).save(tmp_path / "a.png", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert len(load(tmp_path)) == 1


@pytest.mark.parametrize("background", ["#ff0000", "#00ff00", "white"])
def test_transparency_shows_the_background(tmp_path, background):
    rgba = np.zeros((16, 16, 4), np.uint8)
    rgba[:, :8] = (0, 0, 255, 255)
    rgba[8:, :8, 3] = 128
    Image.fromarray(rgba).save(tmp_path / "a.png")
    image = only_image(tmp_path, background=background)
    behind = np.array(Image.new("RGB", (1, 1), background))[0, 0].astype(int)
    assert (image[:, 8:] == behind).all()
    assert (image[:8, :8] == [0, 0, 255]).all()
    half = (np.array([0, 0, 255]) * 128 + behind * 127) / 255
    assert np.abs(image[8:, :8] - half).max() <= 1


def test_a_transparent_palette_entry_shows_the_background(tmp_path):
    image = Image.new("P", (16, 16), 0)
    image.putpalette([0, 0, 0, 255, 255, 0])
    image.paste(1, (0, 0, 8, 16))
    image.save(tmp_path / "a.png", transparency=0)
    image.save(tmp_path / "b.gif", transparency=0)
    for found in load(tmp_path, background="#0000ff").images:
        assert (found[:, :8] == torch.tensor([255, 255, 0])).all()
        assert (found[:, 8:] == torch.tensor([0, 0, 255])).all()


def test_crop_takes_the_centre_and_pad_and_stretch_the_whole(tmp_path):
    wide = np.zeros((16, 48, 3), np.uint8)
    wide[:, 16:32] = (10, 200, 30)
    wide[:, 32:] = 255
    Image.fromarray(wide).save(tmp_path / "wide.png")
    assert (only_image(tmp_path, fit="crop") == [10, 200, 30]).all()
    padded = only_image(tmp_path, fit="pad", size=48, background="#0000ff")
    assert (padded[:16] == [0, 0, 255]).all()
    assert (padded[32:] == [0, 0, 255]).all()
    assert (padded[16:32] == wide).all()
    stretched = only_image(tmp_path, fit="stretch", size=48)
    assert (stretched[:, 20:28] == [10, 200, 30]).all()
    assert (stretched[:, 40:] == 255).all()
    assert (stretched[:, :12] == 0).all()


@pytest.mark.parametrize("shape", [(1, 500), (500, 1), (17, 16), (1, 1)])
@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_any_aspect_ratio_becomes_a_square(tmp_path, shape, fit):
    Image.new("RGB", shape, (50, 100, 150)).save(tmp_path / "a.png")
    image = only_image(tmp_path, fit=fit, background="#326496")
    assert image.shape == (16, 16, 3)
    assert (image == [50, 100, 150]).all()


def test_an_odd_margin_is_cropped_without_blur(tmp_path):
    pixels = GENERATOR.integers(0, 256, (16, 19, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert (only_image(tmp_path) == pixels[:, 1:17]).all()


@pytest.mark.parametrize("size", [16, 20, 28, 64, 128])
def test_every_size_of_the_networks_is_possible(tmp_path, size):
    Image.fromarray(blocks(80, 56)).save(tmp_path / "a.png")
    assert load(tmp_path, size=size).shape == (3, size, size)


def test_large_photographs_are_shrunk_without_aliasing(tmp_path):
    checks = np.indices((1024, 1024)).sum(0) % 2 * 255
    Image.fromarray(checks.astype(np.uint8)).save(tmp_path / "a.png")
    assert np.abs(only_image(tmp_path) - 127.5).max() <= 1


def test_channels_follow_the_images_or_the_choice(tmp_path):
    grey = blocks(channels=1)[..., 0]
    Image.fromarray(grey).save(tmp_path / "a.png")
    Image.fromarray(np.stack([grey] * 3, -1)).save(tmp_path / "b.png")
    assert load(tmp_path).shape[0] == 1
    assert load(tmp_path, channels="colour").shape[0] == 3
    coloured = blocks()
    Image.fromarray(coloured).save(tmp_path / "c.png")
    assert load(tmp_path).shape[0] == 3
    data = load(tmp_path, channels="grey")
    assert data.shape[0] == 1
    assert (data.images[2, :, :, 0].numpy() == np.asarray(Image.fromarray(coloured).convert("L"))).all()


def test_subfolders_are_classes_sorted_by_name(tmp_path):
    for index, name in enumerate(["zebra", "ant/small", "ant", "empty"]):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        if name != "empty":
            Image.new("RGB", (16, 16), (index, 0, 0)).save(tmp_path / name / "x.png")
    data = load(tmp_path)
    assert data.classes == ["ant", "zebra"]
    assert data.labels.tolist() == [0, 0, 1]
    assert data.images[:, 0, 0, 0].tolist() == [2, 1, 0]  # ant/x, ant/small/x, zebra/x


def test_images_directly_in_the_folder_have_no_classes(tmp_path):
    for name in ("b.png", "a.png"):
        Image.new("L", (16, 16), ord(name[0])).save(tmp_path / name)
    data = load(tmp_path)
    assert data.labels is None
    assert data.classes == []
    assert data.images[:, 0, 0, 0].tolist() == [ord("a"), ord("b")]
    (tmp_path / "more").mkdir()
    Image.new("L", (16, 16), 3).save(tmp_path / "more" / "c.png")
    data = load(tmp_path)
    assert data.labels is None
    assert any("no classes" in note for note in data.notes)


def test_what_cannot_be_decoded_is_skipped_and_listed(tmp_path):
    Image.fromarray(blocks()).save(tmp_path / "good.png")
    noise = GENERATOR.integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "whole.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "whole.jpg").read_bytes()[:2000])
    for index in range(8):
        (tmp_path / f"text{index}.txt").write_text("not an image")
    (tmp_path / "nothing.png").write_bytes(b"")
    (tmp_path / ".hidden").write_text("")
    data = load(tmp_path)
    assert len(data) == 2
    notes = " ".join(data.notes)
    assert "9 files were skipped (not an image of a known format): nothing.png, text0.txt" in notes
    assert "and 4 more" in notes
    assert "1 file was skipped (damaged): cut.jpg" in notes
    assert ".hidden" not in notes


def png(width, height, data=b""):
    """A PNG whose header claims this size."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(data))]
    chunks.append((b"IEND", b""))
    body = b"".join(struct.pack(">I", len(b)) + a + b + struct.pack(">I", zlib.crc32(a + b)) for a, b in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.filterwarnings("ignore")
def test_a_decompression_bomb_is_skipped_and_named(tmp_path):
    (tmp_path / "good.png").write_bytes(png(16, 16, bytes(17 * 16)))
    (tmp_path / "bomb.png").write_bytes(png(20000, 20000, bytes(1000)))
    (tmp_path / "large.png").write_bytes(png(12000, 10000, bytes(1000)))
    data = load(tmp_path)
    assert len(data) == 1
    assert any("2 files were skipped (more than 90 million pixels): bomb.png, large.png" in note for note in data.notes)


def test_enlarged_images_are_mentioned(tmp_path):
    Image.fromarray(blocks()).save(tmp_path / "small.png")
    Image.fromarray(blocks(64, 64)).save(tmp_path / "large.png")
    assert "1 of 2 images are smaller than 32 pixels and were enlarged." in load(tmp_path, size=32).notes
    assert load(tmp_path, size=16).notes == []


def test_an_empty_folder_says_so(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / ".DS_Store").write_text("")
    with pytest.raises(StudioError, match="this folder is empty; put images into it") as error:
        load(tmp_path)
    assert error.value.field == str(tmp_path)


def test_a_folder_without_images_says_so(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(StudioError, match=r"no images that can be read.*notes\.txt"):
        load(tmp_path)


def test_a_missing_folder_and_a_file_are_refused(tmp_path):
    with pytest.raises(StudioError, match="there is no such file or folder"):
        load(tmp_path / "missing")
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(StudioError, match="this is a file, not a folder"):
        load(tmp_path / "a.png")
    with pytest.raises(StudioError, match=r"data\.path: no folder"):
        load("")


def test_an_unreadable_folder_is_named(tmp_path, monkeypatch):
    def refuse(folder):
        raise PermissionError(13, "Permission denied", folder)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(StudioError, match="cannot be read \\(Permission denied\\)") as error:
        load(tmp_path)
    assert error.value.field == str(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="links need privileges there")
def test_circles_of_links_end_and_links_to_elsewhere_are_followed(tmp_path):
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    (folder / "a").mkdir(parents=True)
    elsewhere.mkdir()
    Image.new("L", (16, 16), 1).save(folder / "a" / "x.png")
    Image.new("L", (16, 16), 2).save(elsewhere / "y.png")
    (folder / "a" / "up").symlink_to(folder)
    (folder / "a" / "higher").symlink_to(tmp_path)
    (folder / "a" / "self").symlink_to("self")
    (folder / "b").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(folder / "a")
    (folder / "gone.png").symlink_to(tmp_path / "missing.png")
    data = load(folder)
    assert data.classes == ["a", "b"]
    assert data.images[:, 0, 0, 0].tolist() == [1, 2]


def test_names_that_are_not_unicode_can_be_shown(tmp_path):
    try:
        with open(os.fsencode(tmp_path) + b"/bad\xff.txt", "w") as file:
            file.write("x")
    except OSError:
        pytest.skip("this file system takes Unicode only")
    Image.fromarray(blocks()).save(tmp_path / "good.png")
    data = load(tmp_path)
    assert "bad?.txt" in data.notes[0].encode("utf-8").decode()


def test_the_order_is_fixed_though_threads_decode(tmp_path):
    for index in range(100):
        Image.new("L", (16 + 40 * (index % 3), 16), index).save(tmp_path / f"{index:03}.png")
    assert load(tmp_path).images[:, 0, 0, 0].tolist() == list(range(100))
    assert load(tmp_path, limit=10).images[:, 0, 0, 0].tolist() == list(range(0, 100, 10))


def test_progress_is_told_and_cancelling_stops_soon(tmp_path, monkeypatch):
    for index in range(200):
        Image.new("L", (16, 16), index).save(tmp_path / f"{index:03}.png")
    source, told, decoded = Folder(Folder.Config(path=str(tmp_path), size=16)), [], []
    source.load(lambda what, share: told.append((what, share)) or True)
    shares = [share for what, share in told if what == "reading images"]
    assert shares == sorted(shares)
    assert shares[-1] > 0.9

    original = decode.decode
    monkeypatch.setattr("ganstudio.data.folder.decode", lambda *args: decoded.append(1) or original(*args))
    begin = monotonic()
    with pytest.raises(Cancelled):
        source.load(lambda what, share: share < 0.05)
    assert len(decoded) < 100
    assert monotonic() - begin < 2


def test_the_key_changes_when_a_file_does(tmp_path):
    (tmp_path / "a").mkdir()
    Image.new("L", (16, 16)).save(tmp_path / "a" / "x.png")
    source = Folder(Folder.Config(path=str(tmp_path), size=16))
    first = source.cache_key()
    assert source.cache_key() == first
    os.utime(tmp_path / "a" / "x.png", ns=(1, 1))
    assert source.cache_key() != first
    second = source.cache_key()
    Image.new("L", (16, 16)).save(tmp_path / "a" / "y.png")
    assert source.cache_key() not in (first, second)


def test_more_than_the_memory_can_hold_is_refused(tmp_path, monkeypatch):
    for index in range(3):
        Image.new("L", (16, 16)).save(tmp_path / f"{index}.png")
    monkeypatch.setattr(memory, "physical", lambda: 3 * 16 * 16 * 3)
    with pytest.raises(StudioError, match=r"of memory.*smaller size"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("params", "field"),
    [({"size": 30}, "size"), ({"size": 0}, "size"), ({"background": "rosa"}, "background"), ({"fit": "zoom"}, "fit")],
)
def test_bad_parameters_are_refused_at_their_field(params, field):
    with pytest.raises(StudioError, match=rf"data\.params\.{field}: must be"):
        registry.configure("data", "folder", params, "data.params")
