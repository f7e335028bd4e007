# Python 3.11, GNU tar 1.34, git 2.39, Info-ZIP zip 3.0, xz 5.4, zstd 1.5: writes archives as people make them, each of the
# same four files and a link, into archives/. The contents are words: only reading is tested.
import os
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent / "archives"
FILES = {"left/a.jpg": "one", "left/b.jpg": "two", "right/c.jpg": "three", "right/d.png": "four"}
LONG = "a folder whose name is longer than the hundred characters for which the header of a tar of 1979 has room/and another one"
WHEN = "2024-01-02 03:04:05 UTC"


def run(*command, cwd, **more):
    subprocess.run(command, cwd=cwd, check=True, **more)


def fill(folder, below=""):
    for name, text in FILES.items():
        path = folder / below / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def tar(source, name, *options):
    run("tar", "--owner=0", "--group=0", "--numeric-owner", f"--mtime={WHEN}", "--sort=name", *options, "-cf", HERE / name, "left", "right", cwd=source)


def old_zip(name, encoding, folders):
    """A zip as programs wrote it that knew no UTF-8: the names in a code page, without the flag of UTF-8 (bit 11)."""

    class Old(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):
            return self.filename.encode(encoding), self.flag_bits & ~0x800

    with zipfile.ZipFile(HERE / name, "w") as z:
        for folder in folders:
            for i in (1, 2):
                z.writestr(Old(f"{folder}/{i}.jpg", (2024, 1, 2, 3, 4, 4)), f"{folder} {i}")


def main():
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    with tempfile.TemporaryDirectory() as top:
        source = Path(top) / "source"
        fill(source)
        os.utime(source / "left" / "a.jpg", (1704164645.25, 1704164645.25))  # PAX keeps fractions, in a header of its own
        shutil.make_archive(str(HERE / "make_archive"), "tar", source)
        tar(source, "pax.tar", "--format=pax")
        for form in ("gnu", "ustar", "v7"):
            tar(source, f"{form}.tar", f"--format={form}")
        run("tar", f"--mtime={WHEN}", "--sort=name", "-cf", HERE / "dot.tar", ".", cwd=source)
        long = Path(top) / "long"
        fill(long, LONG)
        for form in ("gnu", "pax"):
            run("tar", f"--format={form}", f"--mtime={WHEN}", "--sort=name", "-cf", HERE / f"long-{form}.tar", LONG.split("/")[0], cwd=long)
        for name, command in {"gz": "gzip -n", "bz2": "bzip2", "xz": "xz", "zst": "zstd -q"}.items():
            with open(HERE / f"pax.tar.{name}", "wb") as out:
                run(*command.split(), "-c", HERE / "pax.tar", cwd=top, stdout=out)
        run("git", "init", "-q", cwd=source)
        run("git", "add", ".", cwd=source)
        run("git", "-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "a", cwd=source, env={**os.environ, "GIT_COMMITTER_DATE": WHEN, "GIT_AUTHOR_DATE": WHEN})
        run("git", "archive", "-o", HERE / "git.tar", "HEAD", cwd=source)
        run("git", "archive", "-o", HERE / "git.tar.gz", "HEAD", cwd=source)
        shutil.rmtree(source / ".git")

        os.link(source / "left" / "a.jpg", source / "right" / "hard.jpg")
        os.symlink("../left/b.jpg", source / "right" / "soft.jpg")
        os.symlink("../../secret.jpg", source / "right" / "up.jpg")
        os.symlink("/etc/passwd", source / "right" / "passwd.jpg")
        os.symlink("/data/more", source / "more")
        tar(source, "links.tar", "--format=pax", "more")
        run("gzip", "-nk", HERE / "links.tar", cwd=top)
        run("zip", "-qryX", HERE / "links.zip", ".", cwd=source)

        sparse = Path(top) / "sparse"
        fill(sparse)
        with open(sparse / "left" / "hole.jpg", "wb") as f:
            f.seek(1 << 20)
            f.write(b"end")
        for form in ("gnu", "pax"):
            tar(sparse, f"sparse-{form}.tar", f"--format={form}", "--sparse")

    old_zip("cp437.zip", "cp437", ["Birnen", "Äpfel"])
    old_zip("cp437-french.zip", "cp437", ["élan", "élève"])  # can be read as Shift-JIS, with letters in full width
    old_zip("cp437-german.zip", "cp437", ["Möwen", "Vögel"])
    old_zip("shift-jis.zip", "shift_jis", ["犬", "猫"])
    old_zip("shift-jis-backslash.zip", "shift_jis", ["ソース", "表"])  # their second byte is a backslash
    with tarfile.open(HERE / "latin1.tar", "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as t:
        for folder in ("Birnen", "Äpfel"):
            info = tarfile.TarInfo(f"{folder}/1.jpg")
            t.addfile(info)


main()
