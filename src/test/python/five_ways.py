"""Runs docs/five-ways.md, after its first block, and compares the labels:  five_ways.py FOLDER

FOLDER is an empty folder, in which the commands run. The wheel and pyspark[connect] are installed where this Python is.
"""
import os
import pathlib
import re
import subprocess
import sys

import pyarrow.parquet

NAME = re.compile(r"(?:--|//|#) (\S+)\n")
LABEL = re.compile(r"^\W*(\w+\.jpg): (.+?)[\s|]*$", re.MULTILINE)


def main(folder):
    home = pathlib.Path.cwd()
    page = (home / "docs/five-ways.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    folder = pathlib.Path(folder)
    (folder / "src").symlink_to(home / "src")
    commands = []
    for language, text in blocks:
        if language == "bash":
            commands.append(text)
        else:
            (folder / NAME.match(text).group(1)).write_text(text, encoding="utf-8")
    commands[0] = "\n".join(line for line in commands[0].splitlines() if not line.startswith("pip "))
    settings = {
        "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_PID_DIR": str(folder / "pid"),
        "SPARK_LOG_DIR": str(folder / "logs"),
    }
    script = folder / "commands.sh"
    script.write_text("set -euo pipefail\n" + "\n".join(commands), encoding="utf-8")
    with open(folder / "log", "w+", encoding="utf-8") as log:
        result = subprocess.run(
            ["bash", str(script)], cwd=folder, env=os.environ | settings, stdout=subprocess.PIPE, stderr=log, text=True
        )
        log.seek(0)
        if result.returncode:
            servers = "\n".join(file.read_text() for file in folder.glob("logs/*"))
            sys.exit(f"{result.stdout}\n{log.read()[-20000:]}\n{servers[-5000:]}\nexit code {result.returncode}")

    rows = pyarrow.parquet.read_table(folder / "labels", columns=["uri", "labels"], partitioning=None).to_pylist()
    by_command = {row["uri"].rsplit("/", 1)[1]: row["labels"][0]["label"] for row in rows}
    others = LABEL.findall(result.stdout)
    if len(by_command) != 6 or sorted(others) != sorted(4 * list(by_command.items())):
        sys.exit(f"{result.stdout}\nThe labels differ:\n{by_command}\n{others}")
    print(f"ok: five ways, the same labels: {by_command}")


main(sys.argv[1])
