#!/usr/bin/env bash
# Installs what the tests need, builds everything, and runs all tests. Arguments go to `dotnet test`, such as --filter-class '*SkopeoTests'.
set -euo pipefail
cd "$(dirname "$0")"
source eng/tools.sh
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

eng/install-test-tools.sh
dotnet build -c Release Berth.slnx

# A project in which a filter leaves no test has not failed. Without one, all run but those for which somebody has to sit by.
what=("$@" --ignore-exit-code 8)
(($#)) || what=(--filter-not-trait Run=by-hand)

log=artifacts/test.log
status=0
: > "$log"
run() { dotnet test -c Release --no-build --no-progress --no-ansi "$@" 2>&1 | tee -a "$log" || status=$?; }

# One project at a time: the interop tests alone can keep a small machine busy.
run --solution Berth.slnx --max-parallel-test-modules 1 "${what[@]}"

# All of /v2 once more, on the stores that many nodes share.
if (($# == 0)); then
  v2=(--project test/Berth.Server.Tests --filter-namespace 'Berth.Server.Tests.Protocol*' --filter-namespace 'Berth.Server.Tests.Conformance*'
    --filter-not-trait Needs=folder)
  BERTH_TEST_METADATA=postgres BERTH_TEST_STORAGE=s3 run "${v2[@]}"
  BERTH_TEST_METADATA=postgres run "${v2[@]}"
  BERTH_TEST_STORAGE=s3 run "${v2[@]}"
  BERTH_TEST_METADATA=postgres BERTH_TEST_STORAGE=azure run "${v2[@]}"
  BERTH_TEST_STORAGE=gcs run --project test/Berth.Server.Tests --filter-namespace 'Berth.Server.Tests.Conformance*' --filter-not-trait Needs=folder
  for stores in 'postgres folder' 'postgres s3' 'postgres azure' 'sqlite s3'; do
    read -r metadata storage <<< "$stores"
    BERTH_TEST_METADATA=$metadata BERTH_TEST_STORAGE=$storage BERTH_KILLS=5 run --project test/Berth.Safety.Tests --filter-class '*KillLoopTests'
  done
fi

if (($# == 0)); then
  dotnet artifacts/bin/Berth.Benchmarks/release/Berth.Benchmarks.dll budgets | tee -a "$log" || status=$?
fi

count() { awk -v name="$1:" '/^Test run summary/ { summary = 1 } summary && $1 == name { sum += $2 } END { print sum + 0 }' "$log"; }
# "error" counts the projects that ended other than by their tests: crashed, or without a test.
passed=$(count succeeded) failed=$(($(count failed) + $(count error))) skipped=$(count skipped)

if ((status == 0 && passed == 0)); then
  echo "No test was executed."
  status=1
fi
if ((skipped)); then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
exit "$status"
