#!/bin/sh
# Proves the CUDA kernels on this machine's GPU, within 8 minutes: see the program's --help. Needs a driver and nothing else.
cd "$(dirname "$0")" || exit 1
exec bin/prove "$@"
