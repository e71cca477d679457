# Starts everything, says where it is, and stops it on Ctrl-C.
run_clearway() {
    check_tools
    choose_feed
    install_missing run
    fetch_dashboard
    build services/web/Clearway.Web.csproj
    build Clearway.AppHost/Clearway.AppHost.csproj

    local address
    address=$(node -p 'JSON.parse(require("fs").readFileSync("services/proxy/Clearway.Proxy/appsettings.json", "utf8")).Kestrel.Endpoints.http.Url')
    say "starts; Ctrl-C stops"
    local dashboard=http://localhost:15080
    if $stand_ins; then
        LocalHost__Dashboard=$dashboard_tool LocalHost__DashboardUrl=$dashboard DOTNET_ENVIRONMENT=Development \
            setpriv --pdeathsig TERM dotnet Clearway.AppHost/bin/Debug/net10.0/Clearway.AppHost.dll &
    else
        dotnet run --project Clearway.AppHost --no-build &
    fi
    app=$!
    trap 'kill -TERM $app 2> /dev/null || true' INT TERM HUP

    local began=$SECONDS
    until answers "$address/health/ready"; do
        kill -0 $app 2> /dev/null || { wait $app; exit $?; }
        sleep 0.5
    done
    cat << SUMMARY

  Clearway runs.
    app        $address
    organizer  password $(organizer_password)
    dashboard  $(! answers "$dashboard" && echo "none yet: $dashboard when it is there" || echo "$dashboard")
    ready in   $((SECONDS - began)) s
    stop       Ctrl-C

SUMMARY
    local status=0
    while kill -0 $app 2> /dev/null; do
        status=0
        wait $app || status=$?
    done
    exit $status
}

# The tool that brings the Aspire dashboard, 127 MB, fetched once beside the first build; nothing waits for it.
dashboard_tool=$PWD/.state/dashboard/node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire
fetch_dashboard() {
    if $stand_ins && [[ ! -x $dashboard_tool ]]; then
        say "fetches the Aspire dashboard beside the build; without it everything else runs"
        npm install --prefix .state/dashboard --no-audit --no-fund --no-save @microsoft/aspire-cli-linux-x64@13.5.4 > .state/dashboard.log 2>&1 &
    fi
}

answers() {
    node -e 'fetch(process.argv[1], { signal: AbortSignal.timeout(2000) }).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))' "$1"
}

# The AppHost wrote it to its user secrets when it started for the first time.
organizer_password() {
    local id
    id=$(grep -oP '(?<=<UserSecretsId>)[^<]+' Clearway.AppHost/Clearway.AppHost.csproj)
    node -p 'const name = "Parameters:organizer-password"; process.env.Parameters__organizer_password ?? JSON.parse(require("fs").readFileSync(process.argv[1], "utf8").replace(/^\uFEFF/, ""))[name] ?? "as configured"' \
        "$HOME/.microsoft/usersecrets/$id/secrets.json" 2> /dev/null || echo "as configured"
}
