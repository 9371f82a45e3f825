"""Where a state directory lies, told from the table of mounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from persistence.filesystem import is_network, is_overlay, kind

MOUNTS = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /mnt/c rw - 9p C:\134 rw,aname=drvfs
31 22 0:41 / /home rw - nfs4 nas:/home rw
32 31 0:42 / /home/me/my\040disk rw - xfs /dev/sdb rw
33 22 0:43 / /var/lib rw - overlay overlay rw
34 22 0:44 / /over rw - ext4 /dev/a rw
35 22 0:45 / /over rw - fuse.sshfs me@host: rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/srv/bot/state", "ext4"),
        ("/mnt/c/state", "9p"),
        ("/home/me/state", "nfs4"),
        ("/homely", "ext4"),
        ("/home/me/my disk/state", "xfs"),
        ("/var/lib/state", "overlay"),
        ("/over/state", "fuse.sshfs"),
    ],
)
def test_the_longest_and_last_mount_point_tells_the_type(path: str, wanted: str) -> None:
    assert kind(Path(path), MOUNTS) == wanted


def test_a_system_that_does_not_tell_is_not_guessed_at(tmp_path: Path) -> None:
    assert kind(tmp_path, "") == ""
    assert not is_network("")
    assert not is_overlay("")


def test_network_overlay_and_local_file_systems_are_told_apart() -> None:
    assert all(map(is_network, ("nfs", "cifs", "9p", "fuse.sshfs", "fuse.rclone")))
    assert not any(map(is_network, ("ext4", "xfs", "btrfs", "tmpfs", "apfs", "fuseblk", "overlay")))
    assert is_overlay("overlay")
    assert not is_network("fuse.fuse-overlayfs")
