#!/bin/sh
# Installs into .venv what a lock pins, every hash checked: `install.sh requirements.lock`. The runtime lock brings the
# project too, with its walker compiled where there is a C compiler.
#
# uv installs in a quarter of pip's time: the one that is on the path (or that UV names), else one from the registry, else
# pip itself. What uv can't do for whatever reason pip does after it. UV=no leaves uv out.
set -eu
lock=$1
python=.venv/bin/python
log=.venv/uv.log

# A terminal shows the installer's own progress; elsewhere a line a stage is all.
quiet=--quiet
if [ -t 1 ] && [ -t 2 ]; then quiet=; fi

stage() {
    started=$(date +%s)
    echo "$*"
}

finish() {
    echo "  $(($(date +%s) - started)) s${1:+, $1}"
}

by_pip() {
    "$python" -m pip install ${quiet:+-qq} --disable-pip-version-check --no-compile "$@"
}

# uv reads none of pip's settings, so one that pip fetched is told of the index and the certificates that pip knows.
hand_on_settings() {
    settings=$("$python" -m pip config list 2>/dev/null) || return 0
    index=$(echo "$settings" | sed -n "s/^[^=]*\.index-url='\(.*\)'\$/\1/p" | head -n 1)
    cert=$(echo "$settings" | sed -n "s/^[^=]*\.cert='\(.*\)'\$/\1/p" | head -n 1)
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"; fi
    if [ -n "$cert" ]; then export SSL_CERT_FILE="${SSL_CERT_FILE:-$cert}"; fi
}

# The pinned uv of the development lock: one wheel, or none where this kind of machine has none.
fetch_uv() {
    stage "Fetching uv, which installs faster than pip"
    sed -n '/^uv==/,/^    #/p' requirements-dev.lock >.venv/uv.lock
    if "$python" -m pip install -qq --disable-pip-version-check --no-compile --no-deps --only-binary :all: --retries 1 \
        --require-hashes --requirement .venv/uv.lock 2>"$log"; then
        uv=.venv/bin/uv
        finish
    else
        uv=no
        finish "and none is to be had: $(reason)"
    fi
}

find_uv() {
    uv=${UV:-$(command -v uv || :)}
    if [ -z "$uv" ] && [ -x .venv/bin/uv ]; then uv=.venv/bin/uv; fi
    if [ -z "$uv" ]; then fetch_uv; fi
    if [ "$uv" = .venv/bin/uv ]; then hand_on_settings; fi
}

# What an installer said when it failed, on one line.
reason() {
    said=$(grep -v '^ *$' "$log" | grep -iv '^warning' | tr -s '\n ' ' ' | cut -c 1-300)
    echo "${said:-it did not say why}"
}

by_uv() {
    # pip is still there to try, so uv need not try often. Without being told so, uv would not build again what a change
    # to the walker's source has made old.
    set -- env UV_HTTP_RETRIES="${UV_HTTP_RETRIES:-1}" "$uv" pip install $quiet --python "$python" \
        --reinstall-package onewindow "$@"
    if [ -n "$quiet" ]; then
        "$@" 2>"$log"
    else
        echo "see above" >"$log"
        "$@"
    fi
}

# $1 is what is installed, in words; the rest is understood by uv and pip alike.
install() {
    what=$1
    shift
    if [ "$uv" != no ]; then
        stage "$what with uv"
        if by_uv "$@"; then
            finish
            return
        fi
        uv=no
        finish "and uv failed: $(reason)"
    fi
    stage "$what with pip"
    by_pip "$@"
    finish
}

find_uv
install "Installing the $(grep -c '^[a-z0-9].*==' "$lock") packages of $lock" --require-hashes --requirement "$lock"

if [ "$lock" = requirements.lock ]; then
    # setuptools, which builds the project, is pinned in the lock too: the build is not isolated and fetches nothing. A
    # walker of an earlier build goes first, since where none can be built the one in Python is to run.
    rm -f codecs/_walk.*.so
    install "Installing onewindow and compiling its walker" --no-deps --no-build-isolation --editable .
    ls codecs/_walk.*.so >/dev/null 2>&1 || echo "  no walker could be compiled here, so the slower one in Python does the work"
fi
