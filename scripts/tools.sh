# The two tools that people install themselves.
check_tools() {
    command -v dotnet > /dev/null || fail "the .NET SDK is missing. Install .NET 10: https://dotnet.microsoft.com/download"
    dotnet --list-sdks | grep -Eq '^[1-9][0-9]+\.' || fail "the .NET SDK is older than 10. Install .NET 10: https://dotnet.microsoft.com/download"
    command -v node > /dev/null || fail "Node.js is missing. Install version 20 or later: https://nodejs.org"
    local node
    node=$(node --version)
    [[ $node =~ ^v([0-9]+) && ${BASH_REMATCH[1]} -ge 20 ]] || fail "Node.js $node is too old. Install version 20 or later: https://nodejs.org"
    command -v npm > /dev/null || fail "npm is missing. Install it with Node.js 20 or later: https://nodejs.org"
}
