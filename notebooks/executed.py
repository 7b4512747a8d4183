"""Checks an executed notebook, and writes it where it is committed:  executed.py EXECUTED [COMMITTED]

Every cell of code ran and none failed, and there is a picture. What is committed does not say on which machine, by whom or under
which path it was made, nor which Java ran it.
"""
import getpass
import json
import os
import pathlib
import re
import socket
import sys


# How far a job is, which a slow machine says more often, and dated remarks of ONNX Runtime's.
PASSING = re.compile(r"^([\d,]+ photos, [\d,.]+ per second, .* left.*|.*\[W:onnxruntime:.*)\n", re.MULTILINE)


def text_of(output):
    """What is written there, not what is drawn; text of a notebook is a string or a list of its lines."""
    data = {"stream": output.get("text", ""), **output.get("data", {})}
    return "\n".join("".join(value) for kind, value in data.items() if not kind.startswith("image/"))


def merged(outputs):
    """Streams come in pieces of whatever size."""
    whole = []
    for output in outputs:
        last = whole[-1] if whole else {}
        if output["output_type"] == last.get("output_type") == "stream" and output["name"] == last["name"]:
            last["text"] = ("".join(last["text"]) + "".join(output["text"])).splitlines(keepends=True)
        else:
            whole.append(output)
    return whole


def lasting(outputs):
    for output in outputs:
        if output["output_type"] == "stream":
            output["text"] = PASSING.sub("", "".join(output["text"])).splitlines(keepends=True)
    return [output for output in outputs if output.get("text") != []]


def problems(cells, is_committed):
    machine = [os.getcwd(), os.path.expanduser("~") + "/", socket.gethostname(), f"/{getpass.getuser()}/"]
    unwanted = machine if is_committed else []
    for cell in cells:
        first_line = "".join(cell["source"]).splitlines()[0]
        if cell["execution_count"] is None:
            yield f"was not executed: {first_line}"
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                yield f"failed: {first_line}"
            yield from (f"says where it ran ({name}): {first_line}" for name in unwanted if name in text_of(output))
    if not any("image/png" in output.get("data", {}) for cell in cells for output in cell["outputs"]):
        yield "has no picture"


def main(executed, committed=None):
    notebook = json.loads(pathlib.Path(executed).read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in cells:
        cell["outputs"] = merged(cell["outputs"])
    found = list(problems(cells, committed is not None))
    if found:
        sys.exit("\n".join(f"notebooks: {executed} {problem}" for problem in found))
    if committed:
        for cell in cells:
            cell["outputs"] = lasting(cell["outputs"])
        notebook["metadata"].get("language_info", {}).pop("version", None)
        text = json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False)
        pathlib.Path(committed).write_text(text + "\n", encoding="utf-8")


main(*sys.argv[1:])
