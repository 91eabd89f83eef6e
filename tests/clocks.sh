#!/usr/bin/env bash
# A part of the tests on other days, at other hours, in other time zones and locales: what none of them may depend on.
# `clocks.sh` runs the part, `clocks.sh PYTEST-ARGUMENTS` runs what these name. Needs faketime, of Debian's package of that name.
set -uo pipefail
cd "$(dirname "$0")/.."
python=${PY:-.venv/bin/python}
command -v faketime >/dev/null || { echo "faketime is not installed (Debian: apt-get install faketime)" >&2; exit 2; }

# Whole gateways, whose tests met the day most often: in the tests' own process, and as processes for the command line.
part=(
    tests/gateway/test_{inspection,plan,settlement}.py tests/gateway/test_plausible_dates.py
    tests/gateway/api/test_settling.py
    tests/gateway/cli/test_{dry_run,settling}.py
)
[ $# -eq 0 ] || part=("$@")

# The monotonic clock stays: the kernel's waits go by it. The time of the machine's files does too.
export FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1
unset PYTHONDONTWRITEBYTECODE

ahead() { # how far ahead a time is: were the time itself given, each process would begin anew at it
    printf '%+ds' $(($(date -d "$1" +%s) - $(date +%s)))
}

failed=()
under() { # NAME COMMAND...: the part under a command that shifts something
    local name=$1 began=$SECONDS
    shift
    if said=$("$@" "$python" -m pytest -n "${WORKERS:-auto}" --dist worksteal -q -p no:cacheprovider "${part[@]}" 2>&1); then
        echo "$name: $(tail -n 1 <<<"$said") ($((SECONDS - began)) s)"
    else
        echo "$said"
        echo "$name: FAILED"
        failed+=("$name")
    fi
}

under "two years on" faketime -f '+2y'
under "29 February" faketime -f "$(ahead '2028-02-29 12:00 UTC')"
under "five seconds before midnight in Shanghai" env TZ=Asia/Shanghai faketime -f "$(ahead '2027-01-31 15:59:55 UTC')"
under "a change to daylight saving time" env TZ=America/New_York faketime -f "$(ahead '2027-03-14 06:59:30 UTC')"
under "half an hour off the hour" env TZ=America/St_Johns
under "no locale" env LC_ALL=C PYTHONCOERCECLOCALE=0 PYTHONUTF8=0

[ ${#failed[@]} -eq 0 ] || { printf 'failed: %s\n' "${failed[*]}" >&2; exit 1; }
