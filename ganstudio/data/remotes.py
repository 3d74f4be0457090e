"""Where torchvision's data sets lie: the addresses and MD5 sums that torchvision itself lists.

CIFAR-10 comes in its binary version (https://www.cs.toronto.edu/~kriz/cifar.html), which needs no unpickling.
"""

from ganstudio.data.download import Remote

IDX_NAMES = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3")


def _idx_files(folder: str, mirrors: tuple[str, ...], sums: tuple[str, ...]) -> tuple[Remote, ...]:
    return tuple(
        Remote(
            f"{folder}/{name}-ubyte.gz",
            tuple(f"{mirror}{name}-ubyte.gz" for mirror in mirrors),
            md5,
            10_000_000 if "images" in name else 30_000,
        )
        for name, md5 in zip(IDX_NAMES, sums, strict=True)
    )


REMOTES: dict[str, tuple[Remote, ...]] = {
    "MNIST": _idx_files(
        "mnist",
        ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"),
        (
            "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "d53e105ee54ea40749a09fcbcd1e9432",
            "9fb629c4189551a2d022fa330f9573f3",
        ),
    ),
    "Fashion-MNIST": _idx_files(
        "fashion-mnist",
        ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
        (
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79",
        ),
    ),
    "KMNIST": _idx_files(
        "kmnist",
        ("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
        (
            "bdb82020997e1d708af4cf47b453dcf7",
            "e144d726b3acfaa3e44228e80efcd344",
            "5c965bf0a639b31b8f53240b1b52f4d7",
        ),
    ),
    "EMNIST": (
        Remote(
            "emnist/gzip.zip",
            ("https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",),
            "58c8d27c78d21e728a6bc7b3cc06412e",
            561_753_746,
        ),
    ),
    "CIFAR-10": (
        Remote(
            "cifar-10/cifar-10-binary.tar.gz",
            ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
            "c32a1d4ab5d03f1284b67883e8d87530",
            170_052_171,
        ),
    ),
    "SVHN": (
        Remote(
            "svhn/train_32x32.mat",
            ("http://ufldl.stanford.edu/housenumbers/train_32x32.mat",),
            "e26dedcc434d2e4c54c9b2d4a06d8373",
            182_040_794,
        ),
        Remote(
            "svhn/test_32x32.mat",
            ("http://ufldl.stanford.edu/housenumbers/test_32x32.mat",),
            "eb5a983be6a315427106f1b164d9cef3",
            64_275_384,
        ),
    ),
    "CelebA": (
        Remote(
            "celeba/img_align_celeba.zip",
            (
                "https://drive.usercontent.google.com/download"
                "?id=0B7EVK8r0v71pZjFTYXZWM3FlRnM&export=download&confirm=t",
            ),
            "00d2c5bc6d35e252742224ab0c1e8fcb",
            1_443_490_838,
        ),
    ),
}
