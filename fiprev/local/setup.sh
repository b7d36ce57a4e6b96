# Sourced by ./run and ./test: a Python environment with exactly the locked packages, from python3 and pip alone.
# Wants $wanted: runtime or test (the lock of the tests holds the whole of the runtime's).

export PIP_ROOT_USER_ACTION=ignore
# Compiled modules are kept in var/, whatever the shell says of them: without them each process takes seconds longer.
export PYTHONPYCACHEPREFIX="$PWD/var/pycache"
unset PYTHONDONTWRITEBYTECODE

. fiprev/local/pythons.sh

say() { printf '%s\n' "$*" >&2; }
stop() { say "Fiprev: $*"; exit 1; }

installed() {
  [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null \
    && cmp -s "requirements/$1.txt" ".venv/.installed-$1.txt"
}

install_packages() {
  python=$(pythons | head -n 1)
  [ -n "$python" ] || stop "Python 3.11 or newer is needed, and this machine has none."
  "$python" -m pip --version >/dev/null 2>&1 || stop "Python's pip is needed (on Debian: apt-get install python3-pip)."
  [ -w . ] || stop "this folder cannot be written by $(id -un): make a copy that is yours, or start as its owner."
  say "Installing the packages of requirements/$wanted.txt (once) ..."
  if ! [ -x .tools/bin/uv ] || ! .tools/bin/uv --version >/dev/null 2>&1; then
    rm -rf .tools
    "$python" -m pip install -q --disable-pip-version-check --no-warn-script-location --target .tools 'uv==0.13.8' \
      || stop "pip could not fetch the installer 'uv': is there a connection to the package index?"
  fi
  rm -f .venv/.installed-*
  if ! .venv/bin/python -c '' 2>/dev/null; then
    quicker=$(quicker_python)
    .tools/bin/uv venv -q --clear --python "${quicker:-$python}" .venv || stop "the folder .venv could not be made."
  fi
  # uv does not read pip's own settings (mirrors, proxies): where it cannot fetch, pip may.
  if ! .tools/bin/uv pip sync -q --require-hashes --python .venv/bin/python "requirements/$wanted.txt"; then
    say "uv could not install them; trying pip ..."
    "$python" -m pip --python .venv/bin/python install -q --disable-pip-version-check --require-hashes \
      -r "requirements/$wanted.txt" || stop "the packages could not be installed; the reason stands above."
  fi
  cp requirements/runtime.txt .venv/.installed-runtime.txt
  [ "$wanted" = runtime ] || cp requirements/test.txt .venv/.installed-test.txt
}

apt_install() {
  apt-get update -qq -o Acquire::http::Timeout=20 >/dev/null 2>&1 || return 1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

may_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

ensure_pango() {
  .venv/bin/python -m fiprev.local.system pango && return
  packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
  if may_apt; then
    say "Installing Pango, for PDFs (once) ..."
    apt_install $packages && return
  fi
  say "PDFs cannot be made yet; as root: apt-get install --no-install-recommends $packages"
}

# The Chromium without windows is a third quicker at the tests: where root may, it is fetched beside another one, once.
ensure_browser() {
  command -v chromium-headless-shell >/dev/null 2>&1 && return
  if may_apt && ! [ -e .venv/.browser-sought ]; then
    say "Installing Chromium, for the browser tests (once) ..."
    touch .venv/.browser-sought
    apt_install chromium-headless-shell && return
    .venv/bin/python -m fiprev.local.system browser || apt_install chromium || rm -f .venv/.browser-sought
  fi
  .venv/bin/python -m fiprev.local.system browser \
    || say "No Chromium on this machine: the browser tests are skipped."
}

installed "$wanted" || install_packages
ensure_pango
