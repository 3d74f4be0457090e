"""Published sets without a network: small stand-ins are served from this machine, in the format of the real files."""

import gzip
import hashlib
import http.server
import io
import socket
import struct
import tarfile
import threading
import zipfile
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from ganstudio.data import download, remotes, torchvision_sets
from ganstudio.data.dataset import Cancelled
from ganstudio.data.download import Remote, fetch
from ganstudio.data.matlab import read_mat
from ganstudio.data.torchvision_sets import Torchvision
from ganstudio.experiment.errors import StudioError

GENERATOR = np.random.default_rng(0)
GREY = GENERATOR.integers(0, 256, (12, 28, 28), dtype=np.uint8)
COLOUR = GENERATOR.integers(0, 256, (50, 32, 32, 3), dtype=np.uint8)
LABELS = (np.arange(12) % 10).astype(np.uint8)


def idx(array):
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return gzip.compress(head + array.tobytes())


def mat(**arrays):
    """A MATLAB 5 file as SVHN's: each matrix in a compressed element."""

    def element(kind, data):
        return struct.pack("<II", kind, len(data)) + data + bytes(-len(data) % 8)

    content = b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM"
    for name, array in arrays.items():
        matrix = element(6, struct.pack("<II", 9, 0)) + element(5, np.array(array.shape, "<i4").tobytes())
        matrix += struct.pack("<HH4s", 1, len(name), name.encode()) + element(2, array.tobytes(order="F"))
        packed = zlib.compress(element(14, matrix))
        content += struct.pack("<II", 15, len(packed)) + packed
    return content


def archive_of(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def cifar():
    buffer = io.BytesIO()
    records = np.concatenate(
        [np.arange(50, dtype=np.uint8)[:, None] % 10, COLOUR.transpose(0, 3, 1, 2).reshape(50, -1)], 1
    )
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        parts = {f"data_batch_{index + 1}": records[index * 10 : index * 10 + 10] for index in range(5)}
        for name, part in {"readme.html": None, **parts, "test_batch": records[:7]}.items():
            content = b"hello" if part is None else part.astype(np.uint8).tobytes()
            entry = tarfile.TarInfo(f"cifar-10-batches-bin/{name}" + ("" if part is None else ".bin"))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def jpeg(value):
    buffer = io.BytesIO()
    Image.new("RGB", (178, 218), (value, 100, 50)).save(buffer, "JPEG")
    return buffer.getvalue()


def mnist_files():
    return {
        "train-images-idx3-ubyte.gz": idx(GREY),
        "train-labels-idx1-ubyte.gz": idx(LABELS),
        "t10k-images-idx3-ubyte.gz": idx(GREY[:3]),
    }


def emnist_file(part):
    return {
        f"gzip__emnist-{part}-train-images-idx3-ubyte.gz": idx(GREY),
        f"gzip__emnist-{part}-train-labels-idx1-ubyte.gz": idx(LABELS + (part == "letters")),
        f"gzip__emnist-{part}-test-images-idx3-ubyte.gz": idx(GREY[:3]),
    }


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server(tmp_path):
    """Serves the files of a dictionary; ``server.url`` is its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            content = self.server.files.get(self.path.rsplit("/", 1)[-1])
            self.send_response(200 if content is not None else 404)
            self.send_header("Content-Length", str(len(content or b"") + self.server.missing))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        found.files, found.missing = {}, 0
        found.url = f"http://127.0.0.1:{found.server_port}/"
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache folder of this test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(torchvision_sets, "cache_folder", lambda: folder)
    return folder


@pytest.fixture
def serve(server, cache, monkeypatch):
    """Puts a stand-in of a set on the server."""

    def put(name, files):
        table = []
        for remote in remotes.REMOTES[name]:
            file = remote.name.rsplit("/", 1)[-1]
            server.files[file] = files[file]
            md5 = hashlib.md5(files[file]).hexdigest()
            table.append(replace(remote, urls=(server.url + file,), md5=md5))
        monkeypatch.setitem(torchvision_sets.REMOTES, name, tuple(table))

    return put


def load(name, progress=None, **params):
    return Torchvision(Torchvision.Config(name=name, **params)).load(progress)


def left(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ["MNIST", "Fashion-MNIST", "KMNIST"])
def test_the_mnist_family_is_read(serve, server, name):
    serve(name, mnist_files())
    data = load(name)
    assert np.array_equal(data.images[..., 0].numpy(), GREY)
    assert data.labels.tolist() == LABELS.tolist()
    assert len(data.classes) == 10
    assert np.array_equal(data.held_out[..., 0].numpy(), GREY[:3])
    server.files.clear()
    assert len(load(name, size=32)) == 12  # from the cache


@pytest.mark.parametrize(("part", "classes"), [("balanced", 47), ("letters", 26), ("digits", 10), ("byclass", 62)])
def test_emnist_is_turned_upright(serve, part, classes):
    serve("EMNIST", {"gzip.zip": archive_of(**emnist_file(part))})
    data = load("EMNIST", emnist=part)
    assert np.array_equal(data.images[..., 0].numpy(), GREY.transpose(0, 2, 1))
    assert np.array_equal(data.held_out[..., 0].numpy(), GREY[:3].transpose(0, 2, 1))
    assert data.labels.tolist() == LABELS.tolist()
    assert len(data.classes) == classes


def test_cifar_is_read(serve):
    serve("CIFAR-10", {"cifar-10-binary.tar.gz": cifar()})
    data = load("CIFAR-10")
    assert np.array_equal(data.images.numpy(), COLOUR)
    assert data.labels.tolist() == [label % 10 for label in range(50)]
    assert data.classes[0] == "airplane"
    assert np.array_equal(data.held_out.numpy(), COLOUR[:7])
    some = load("CIFAR-10", limit=5)
    assert np.array_equal(some.images.numpy(), COLOUR[::10])
    assert some.labels.tolist() == [0] * 5


def test_svhn_is_read_with_its_zeros(serve):
    y = np.array([10, 1, 2, 10], np.uint8)[:, None]
    files = {
        "train_32x32.mat": mat(X=COLOUR[:4].transpose(1, 2, 3, 0), y=y),
        "test_32x32.mat": mat(X=COLOUR[:2].transpose(1, 2, 3, 0), y=y[:2]),
    }
    serve("SVHN", files)
    data = load("SVHN")
    assert np.array_equal(data.images.numpy(), COLOUR[:4])
    assert data.labels.tolist() == [0, 1, 2, 0]
    assert np.array_equal(data.held_out.numpy(), COLOUR[:2])


def test_celeba_is_decoded_to_the_size(serve, monkeypatch):
    monkeypatch.setattr(torchvision_sets, "CELEBA_TEST", 9)
    files = {f"img_align_celeba__{index:06}.jpg": jpeg(index * 20) for index in range(12)}
    serve("CelebA", {"img_align_celeba.zip": archive_of(**files)})
    data = load("CelebA")
    assert data.shape == (3, 64, 64)
    assert len(data) == 9
    assert len(data.held_out) == 3
    assert np.abs(data.images[:, 30, 30, 0].numpy() - np.arange(9) * 20.0).max() <= 2
    assert load("CelebA", size=32, limit=3).images[:, 0, 0, 0].tolist() == pytest.approx([0, 60, 120], abs=2)


def test_progress_covers_the_whole_download(serve):
    serve("CIFAR-10", {"cifar-10-binary.tar.gz": cifar() + bytes(3 * download.BLOCK)})
    told = []
    load("CIFAR-10", lambda what, share: told.append((what, share)) or True)
    shares = [share for what, share in told if what.startswith("downloading cifar-10")]
    assert shares == sorted(shares)
    assert len(shares) >= 3
    assert shares[-1] == 1


def test_cancelling_leaves_nothing_behind(serve, cache):
    serve("CIFAR-10", {"cifar-10-binary.tar.gz": bytes(5 * download.BLOCK)})
    with pytest.raises(Cancelled):
        load("CIFAR-10", lambda what, share: share < 0.5)
    assert left(cache) == []


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_no_network_is_one_plain_sentence(cache, monkeypatch):
    remote = Remote("mnist/a.gz", (f"http://127.0.0.1:{closed_port()}/a",), "0" * 32, 10)
    monkeypatch.setitem(torchvision_sets.REMOTES, "MNIST", (remote,))
    with pytest.raises(StudioError, match=r"mnist/a\.gz: cannot be downloaded \(127\.0\.0\.1: .+\)") as error:
        load("MNIST")
    assert "check the network" in str(error.value)
    assert "choose a data set that ships with the program" in str(error.value)
    assert left(cache) == []


def test_a_silent_server_is_given_up(cache, monkeypatch):
    monkeypatch.setattr(download, "TIMEOUT", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        remote = Remote("a.gz", (f"http://127.0.0.1:{silent.getsockname()[1]}/a",), "0" * 32, 10)
        with pytest.raises(StudioError, match="no answer"):
            fetch(remote, cache)
    assert left(cache) == []


def test_another_mirror_is_tried(server, cache):
    server.files["good.gz"] = b"content"
    urls = (f"http://127.0.0.1:{closed_port()}/a", server.url + "missing.gz", server.url + "good.gz")
    path = fetch(Remote("set/a.gz", urls, hashlib.md5(b"content").hexdigest(), 7), cache)
    assert path == cache / "set" / "a.gz"
    assert path.read_bytes() == b"content"
    assert left(cache) == ["a.gz"]


@pytest.mark.parametrize(
    ("missing", "content", "reason"),
    [
        (0, None, "answers 404"),
        (0, b"<html>", "not the expected file"),
        (99, b"content", "not the expected|broke|Incomplete"),
    ],
)
def test_a_wrong_answer_is_explained_and_removed(server, cache, missing, content, reason):
    server.files["a.gz"], server.missing = content, missing
    remote = Remote("a.gz", (server.url + "a.gz",), hashlib.md5(b"content!").hexdigest(), 7)
    with pytest.raises(StudioError, match=reason):
        fetch(remote, cache)
    assert left(cache) == []


def test_a_full_disk_and_a_cache_that_cannot_be_written_are_named(server, cache, monkeypatch):
    server.files["a.gz"] = b"content"
    remote = Remote("set/a.gz", (server.url + "a.gz",), hashlib.md5(b"content").hexdigest(), 7)
    cache.parent.joinpath("cache").write_text("a file where the folder should be")
    with pytest.raises(StudioError, match=r"a\.gz: cannot be written"):
        fetch(remote, cache)
    cache.unlink()
    original = download.Path.open

    class Full(io.BytesIO):
        def write(self, content):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(download.Path, "open", lambda self, mode="r": Full() if mode == "wb" else original(self, mode))
    with pytest.raises(StudioError, match="the disk is full"):
        fetch(remote, cache)


def test_a_damaged_file_in_the_cache_is_named(serve, cache):
    serve("EMNIST", {"gzip.zip": archive_of(**emnist_file("balanced"))})
    load("EMNIST")
    (cache / "emnist" / "gzip.zip").write_bytes(b"PK\3\4 broken")
    with pytest.raises(StudioError, match=r"gzip\.zip: is damaged; delete it and load again"):
        load("EMNIST")
    serve("CIFAR-10", {"cifar-10-binary.tar.gz": cifar()})
    load("CIFAR-10")
    path = cache / "cifar-10" / "cifar-10-binary.tar.gz"
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(StudioError, match=r"tar\.gz: is damaged"):
        load("CIFAR-10")


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_matlab_file_that_is_cut_off_is_named(tmp_path, share):
    content = mat(X=COLOUR[:4].transpose(1, 2, 3, 0))
    (tmp_path / "a.mat").write_bytes(content[: int(len(content) * share)])
    with pytest.raises(StudioError, match=r"a\.mat: is cut off or damaged"):
        read_mat(tmp_path / "a.mat")


def test_matlab_arrays_keep_shape_and_type(tmp_path):
    arrays = {"X": COLOUR[:3].transpose(1, 2, 3, 0), "y": np.array([[1], [2]], np.uint8)}
    (tmp_path / "a.mat").write_bytes(mat(**arrays))
    found = read_mat(tmp_path / "a.mat")
    assert found.keys() == arrays.keys()
    assert all(np.array_equal(found[name], arrays[name]) for name in arrays)


def test_downloads_lie_in_the_users_cache_folder():
    assert download.cache_folder().name == "datasets"
    assert "ganstudio" in str(download.cache_folder())


def test_addresses_and_sums_are_those_that_torchvision_lists():
    from torchvision import datasets

    for name, listed in (
        ("MNIST", datasets.MNIST),
        ("Fashion-MNIST", datasets.FashionMNIST),
        ("KMNIST", datasets.KMNIST),
    ):
        for remote in remotes.REMOTES[name]:
            file = remote.name.rsplit("/", 1)[-1]
            assert (file, remote.md5) in listed.resources
            assert all(url.removesuffix(file) in listed.mirrors for url in remote.urls)
    assert (remotes.REMOTES["EMNIST"][0].urls[0], remotes.REMOTES["EMNIST"][0].md5) == (
        datasets.EMNIST.url,
        datasets.EMNIST.md5,
    )
    for remote, split in zip(remotes.REMOTES["SVHN"], ("train", "test"), strict=True):
        url, _, md5 = datasets.SVHN.split_list[split]
        assert (remote.urls[0], remote.md5) == (url, md5)
    (celeba,) = remotes.REMOTES["CelebA"]
    identity, md5, _ = datasets.CelebA.file_list[0]
    assert identity in celeba.urls[0]
    assert celeba.md5 == md5
    for part, classes in torchvision_sets.EMNIST_CLASSES.items():
        listed = [name for name in datasets.EMNIST.classes_split_dict[part] if name != "N/A"]
        assert [name.lower() for name in classes] == [name.lower() for name in listed]
