#!/usr/bin/env bash
# Executes the notebooks without a browser:  notebooks/run.sh [--update | --open] [NAME…]
#
#   notebooks/run.sh                                   executes all; writes copies with outputs to target/notebooks
#   notebooks/run.sh where-were-these-photos-taken     executes one
#   notebooks/run.sh --update [NAME…]                  also writes the outputs into notebooks/, to be committed
#   notebooks/run.sh --open                            opens them in JupyterLab or Jupyter Notebook, if installed
#
# Needs the jar and Jupyter (Debian: apt-get install jupyter-nbconvert; for --open also jupyter-notebook). The Java kernel is
# downloaded from Maven Central into target/notebooks, what notebooks in Python need from PyPI; nothing is installed outside the repository. If a cell fails, the exit
# code is 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

refuse() {
  echo "notebooks: $1" >&2
  exit 1
}

mode=check
if [[ ${1:-} == --update || ${1:-} == --open ]]; then
  mode=${1#--}
  shift
fi
names=("$@")
((${#names[@]})) || names=(notebooks/*.ipynb)
notebooks=()
for name in "${names[@]}"; do
  name=$(basename "$name" .ipynb)
  [[ -f notebooks/$name.ipynb ]] || refuse "there is no notebook $name; there are: $(cd notebooks && echo *.ipynb)"
  notebooks+=("$name")
done

[[ -f target/planisphere.jar && -d target/spark/jars ]] \
  || refuse "target/planisphere.jar is not there yet; build it with: mvn -B -DskipTests package"
# Installs what notebooks in Python need, with the wheel around the present jar.
python_environment() {
  local packages=(ipykernel==6.30.1 matplotlib==3.10.7 pyspark==4.3.0)
  local environment=target/notebooks/python
  if [[ ! -f $environment/${packages[*]} ]]; then
    python3 -m venv "$environment" || refuse "Python cannot make environments; on Debian: apt-get install python3-venv"
    "$environment/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
    touch "$environment/${packages[*]}"
  fi
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "$(src/build/wheel.sh)"
}

command -v jupyter >/dev/null || refuse "jupyter is not installed; on Debian: apt-get install jupyter-nbconvert"
out=target/notebooks
if [[ ! -f $out/kernel.jar || ! -f $out/java.options || pom.xml -nt $out/java.options ]]; then
  mvn -B -q -Pnotebooks dependency:copy@notebook-kernel resources:copy-resources@notebook-options
  touch $out/java.options
fi

if [[ $mode == open ]] || (cd notebooks && grep -q '"planisphere-python"' "${notebooks[@]/%/.ipynb}"); then
  python_environment
fi

# Adds the kernels of the repository to the installed ones.
export JUPYTER_PATH=$PWD/notebooks/jupyter${JUPYTER_PATH:+:$JUPYTER_PATH}
if [[ $mode == open ]]; then
  for application in lab notebook; do
    if command -v "jupyter-$application" >/dev/null; then
      exec jupyter "$application" notebooks
    fi
  done
  refuse "neither JupyterLab nor Jupyter Notebook is installed; on Debian: apt-get install jupyter-notebook"
fi

jupyter nbconvert --version >/dev/null 2>&1 || refuse "jupyter has no nbconvert; on Debian: apt-get install jupyter-nbconvert"
for name in "${notebooks[@]}"; do
  echo "Executing notebooks/$name.ipynb …"
  rm -rf "$out/$name" "$out/$name.ipynb"
  jupyter nbconvert --log-level WARN --to notebook --execute --output-dir $out --output "$name" \
    --ExecutePreprocessor.startup_timeout=300 --ExecutePreprocessor.timeout=600 \
    --ExecutePreprocessor.record_timing=False "notebooks/$name.ipynb"
  if [[ $mode == update ]]; then
    python3 notebooks/executed.py "$out/$name.ipynb" "notebooks/$name.ipynb"
  else
    python3 notebooks/executed.py "$out/$name.ipynb"
  fi
done
