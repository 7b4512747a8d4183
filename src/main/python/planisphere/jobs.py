"""The console command ``planisphere``, which runs a job of the jar with PySpark's own Spark."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from planisphere import jar

# What jobs/*.sh set where nothing else is said: a job's driver is its only executor there.
_DEFAULTS = {
    "spark.driver.memory": "4g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.executor.heartbeatInterval": "2s",
    "spark.sql.debug.maxToStringFields": "1000",
}


def command(arguments: list[str]) -> list[str]:
    """Return the command line of spark-submit for ``JOB [job options] [-- spark-submit options]``."""
    import pyspark

    home = Path(os.environ.get("SPARK_HOME") or Path(pyspark.__file__).parent)
    split = arguments.index("--") if "--" in arguments else len(arguments)
    defaults = [word for name, value in _DEFAULTS.items() for word in ("--conf", f"{name}={value}")]
    submit = [str(home / "bin" / "spark-submit"), "--class", "io.planisphere.Main"]
    if "SPARK_HOME" not in os.environ:
        submit += defaults
    return [*submit, *arguments[split + 1 :], jar(), *arguments[:split]]


def main() -> None:
    """Run the job that the command line names; its exit code is the command's."""
    line = command(sys.argv[1:])
    if not Path(line[0]).is_file():
        sys.exit(f"planisphere: {line[0]} is not there; unset SPARK_HOME, or set it to an installed Spark")
    os.execv(line[0], line)


if __name__ == "__main__":
    main()
