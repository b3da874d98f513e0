"""Damage to files after they are written: cut off, bytes changed, encodings mixed, archives broken."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from random import Random

Files = dict[str, bytes]


def _some(random: Random, files: Files) -> str:
    return random.choice(sorted(files))


def cut_off(random: Random, files: Files) -> str:
    """A file that ends anywhere."""
    name = _some(random, files)
    files[name] = files[name][: random.randrange(len(files[name]) + 1)]
    return name


def bytes_changed(random: Random, files: Files) -> str:
    """A few bytes that are something else, NUL among them."""
    name = _some(random, files)
    data = bytearray(files[name])
    for _ in range(random.choice([1, 2, 20])):
        if data:
            data[random.randrange(len(data))] = random.choice([0, 0x80, 0xFF, 0x22, 0x0D, 0x1B, 0x5C, 0x3B])
    files[name] = bytes(data)
    return name


def encodings_mixed(random: Random, files: Files) -> str:
    """Lines in another encoding at the end or at the front."""
    name = _some(random, files)
    more = random.choice(["髙橋,社員\n", "日本語のテキスト,a,b\n", "é,ü\n", "\x1b$B4A;z\x1b(B,x\n"])
    encoded = more.encode(random.choice(["cp932", "utf-8", "euc_jp", "utf-16-le"]), "replace")
    files[name] = random.choice([files[name] + encoded, encoded + files[name]])
    return name


def another_ending(random: Random, files: Files) -> str:
    """A workbook that is called .csv, text that is called .xlsx, and the like."""
    name = _some(random, files)
    stem = name.rpartition(".")[0]
    ending = random.choice(
        ["csv", "tsv", "txt", "xlsx", "xls", "xlsm", "parquet", "ods", "CSV", "bak", "numbers"]
    )
    files[f"{stem}.{ending}"] = files.pop(name)
    return f"{stem}.{ending}"


def twice(random: Random, files: Files) -> str:
    """The same table in two files, or files that are no part of a study."""
    name = _some(random, files)
    other = random.choice(
        ["people.xlsx", "people.tsv", f"~${name}", f".{name}", "メモ.txt", "responses.parquet", "x.zip"]
    )
    files[other] = random.choice([files[name], b"", b"\0" * 100, "ただのメモ\n".encode(), b"a"])
    return other


def archive_broken(random: Random, files: Files) -> str:
    """An archive or workbook with other names, parts gone, or parts that hold something else."""
    archives = [name for name in sorted(files) if files[name].startswith(b"PK")]
    if not archives:
        return cut_off(random, files)
    name = random.choice(archives)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files[name])) as old, zipfile.ZipFile(out, "w") as new:
        members = old.namelist()
        chosen = random.choice(members)
        for member in members:
            data = old.read(member)
            called = member
            if member == chosen:
                kind = random.choice(["gone", "renamed", "cut", "xml", "twice"])
                if kind == "gone":
                    continue
                if kind == "renamed":
                    called = random.choice(
                        ["../x.csv", "/x.csv", ".", "./", "a//b.csv", "C:\\x.csv", "\\", "people.csv"]
                    )
                if kind == "cut":
                    data = data[: random.randrange(len(data) + 1)]
                if kind == "xml":
                    data = _other_xml(random, data)
                if kind == "twice":
                    new.writestr(member, data[: len(data) // 2])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                new.writestr(called, data)
    whole = bytearray(out.getvalue())
    if random.random() < 0.2:
        place = whole.rfind(b"PK\x01\x02")
        whole[place + random.choice([8, 10, 24, 28, 42])] = random.choice([1, 8, 12, 14, 99, 255])
    files[name] = bytes(whole)
    return name


def _other_xml(random: Random, data: bytes) -> bytes:
    """Figures, references and types of a part of a workbook changed."""
    spots = list(re.finditer(rb"\"[^\"<>]{1,40}\"|>[^<>]{1,40}<", data))
    chosen = random.sample(spots, min(len(spots), random.choice([1, 1, 3])))
    for spot in sorted(chosen, key=re.Match.start, reverse=True):
        inner = random.choice(
            [
                b"0",
                b"-1",
                b"99999999999",
                b"A0",
                b"XFE1",
                b"A1048577",
                b"s",
                b"e",
                b"d",
                b"str",
                b"&bad;",
                b"1e999",
                b"x",
            ]
        )
        data = data[: spot.start() + 1] + inner + data[spot.end() - 1 :]
    return data


BYTE_DAMAGES: dict[str, Callable[[Random, Files], str]] = {
    damage.__name__: damage
    for damage in (cut_off, bytes_changed, encodings_mixed, another_ending, twice, archive_broken)
}
