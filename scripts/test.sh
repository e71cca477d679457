# Builds everything, runs every test of every runner, and ends with the sum.
test_clearway() {
    check_tools
    choose_feed
    install_missing test
    local results=$root/artifacts/test solutions=(Clearway.sln) solution project name
    rm -rf "$results"
    mkdir -p "$results"
    ! $stand_ins || solutions+=(offline/Clearway.Offline.slnx)
    for solution in "${solutions[@]}"; do
        build "$solution"
    done

    for solution in "${solutions[@]}"; do
        for project in $(test_projects "$solution"); do
            name=$(basename "$project" .csproj)
            say "tests $name"
            echo "$name.trx" >> "$results/expected"
            dotnet test "$(dirname "$project")/bin/Debug/net10.0/$name.dll" --logger "trx;LogFileName=$name.trx" --results-directory "$results" || true
        done
    done

    say "tests services/web"
    echo vitest.json >> "$results/expected"
    rm -f services/web/TestResults/vitest.json
    npm test --prefix services/web || true
    ! [[ -e services/web/TestResults/vitest.json ]] || cp services/web/TestResults/vitest.json "$results/"

    node scripts/tally.mjs "$results"
}

test_projects() {
    local project
    dotnet sln "$1" list | grep '\.csproj$' | while read -r project; do
        project=$(dirname "$1")/$project
        ! grep -q Microsoft.NET.Test.Sdk "$project" || echo "$project"
    done
}
