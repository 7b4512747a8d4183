#!/usr/bin/env bash
# Started by Jupyter (kernel.json):  kernel.sh CONNECTION_FILE
#
# Cells of Python with PySpark, matplotlib and the wheel of Planisphere, in the repository's root, so that paths in a notebook are those of
# README.md. notebooks/run.sh installs the environment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../../.."
unset SPARK_HOME
export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
# Messages of Spark's driver have a file of their own, so that outputs do not depend on the machine.
exec target/notebooks/python/bin/python -m ipykernel_launcher --IPKernelApp.capture_fd_output=False -f "$1" 2>target/notebooks/python-kernel.log
