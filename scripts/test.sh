# Builds everything, runs every test of every runner, and ends with the sum.
test_clearway() {
    check_tools
    choose_feed
    install_missing test
    local results=$root/artifacts/test solutions=(Clearway.sln) solution project beside
    rm -rf "$results"
    mkdir -p "$results"
    ! $stand_ins || solutions+=(offline/Clearway.Offline.slnx)
    for solution in "${solutions[@]}"; do
        build "$solution"
    done

    # What tests kill cannot take back the pipes and sockets that a runtime keeps in the temporary folder for debuggers.
    export DOTNET_EnableDiagnostics=0

    # The gateway's tests and the small campaigns wait more than they compute, and run beside the others; those in the browser take the whole
    # machine, and come last. A process group of its own, as a background job of a script is not told of Ctrl-C.
    set -m
    { run_tests tests/Clearway.Signaling.Tests; run_tests tests/Clearway.LoadTest.Tests; } > "$results/beside.log" 2>&1 &
    beside=$!
    set +m
    trap "kill -- -$beside 2> /dev/null || true" EXIT
    for project in $(test_projects "${solutions[@]}"); do
        case $project in
            */Clearway.Signaling.Tests | */Clearway.LoadTest.Tests | */Clearway.EndToEndTests) ;;
            *) run_tests "$project" ;;
        esac
    done

    say "tests services/web"
    echo vitest.json >> "$results/expected"
    rm -f services/web/TestResults/vitest.json
    npm test --prefix services/web || true
    ! [[ -e services/web/TestResults/vitest.json ]] || cp services/web/TestResults/vitest.json "$results/"

    wait "$beside"
    trap - EXIT
    cat "$results/beside.log"
    run_tests tests/Clearway.EndToEndTests
    node scripts/tally.mjs "$results"
}

# The tests of a project's folder, as built.
run_tests() {
    local name=${1##*/}
    say "tests $name"
    echo "$name.trx" >> "$results/expected"
    dotnet test "$1/bin/Debug/net10.0/$name.dll" --logger "trx;LogFileName=$name.trx" --results-directory "$results" || true
}

# The folders of the test projects of solutions.
test_projects() {
    local solution project
    for solution in "$@"; do
        dotnet sln "$solution" list | grep '\.csproj$' | while read -r project; do
            project=$(dirname "$solution")/$project
            ! grep -q Microsoft.NET.Test.Sdk "$project" || dirname "$project"
        done
    done
}
