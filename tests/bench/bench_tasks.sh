#!/bin/sh
# bench_tasks.sh: P11: concurrent calls, beside the serial program and OpenMP by
# hand. See tasks/tasks.py for what is measured and how.
#
# Environment: MEMOCC, CC, BENCH_RUNS (processes for each number, default 3),
# BENCH_THREADS (default: 2, and as many as there are CPUs).
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
if ! command -v python3 >/dev/null; then
    echo "bench_tasks: needs python3"
    exit 125
fi
MEMOCC=${MEMOCC:-$top/build/release/bin/memocc} \
    exec python3 -B "$top/tests/bench/tasks/tasks.py" "$@"
