# Aspire's own packages and a container engine, or the stand-ins under offline/ and this machine's servers.
choose_feed() {
    if [[ ! -s .state/feed ]]; then
        if [[ -e offline/.active ]]; then
            echo "the stand-ins, as offline/.active says" > .state/feed
        elif ! feed_has_aspire; then
            echo "the stand-ins under offline/, as the package feed lacks Aspire" > .state/feed
        elif ! docker info &> /dev/null && ! podman info &> /dev/null; then
            echo "the stand-ins under offline/, as no container engine runs" > .state/feed
        else
            echo "Aspire's packages" > .state/feed
        fi
    fi
    if [[ $(< .state/feed) == "Aspire's packages" ]]; then
        stand_ins=false
        rm -f offline/.active
    else
        stand_ins=true
        [[ -e offline/.active ]] || touch offline/.active
    fi
    say "uses $(< .state/feed) (to ask again: rm .state/feed offline/.active)"
}

feed_has_aspire() {
    local probe answer=0
    probe=$(mktemp -d)
    cat > "$probe/probe.csproj" << 'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="Aspire.Hosting.AppHost" Version="[13.5.4]" /></ItemGroup>
</Project>
PROJECT
    say "asks the package feed for Aspire"
    timeout 120 dotnet restore "$probe/probe.csproj" -v q > "$probe/log" 2>&1 || answer=1
    rm -rf "$probe"
    return $answer
}
