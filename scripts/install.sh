# Debian packages of servers and of the browser, and npm packages from lock files.
install_missing() {
    local -A program_of=()
    local packages=()
    if $stand_ins; then
        program_of=([redis-server]=redis-server [postgresql]=postgres [coturn]=turnserver [util-linux]=setpriv)
    fi
    if [[ $1 == test && -z ${CHROMIUM_PATH:-} ]]; then
        program_of[chromium]=chromium
    fi
    local package
    for package in "${!program_of[@]}"; do
        has_program "${program_of[$package]}" || packages+=("$package")
    done
    if [[ ${#packages[@]} -gt 0 ]]; then
        install_debian "${packages[@]}"
        for package in "${packages[@]}"; do
            has_program "${program_of[$package]}" || fail "$package is installed and has no ${program_of[$package]}. Install that program yourself."
        done
    fi

    ! $stand_ins || install_npm offline/tools
}

has_program() {
    PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "$1" > /dev/null || compgen -G "/usr/lib/postgresql/*/bin/$1" > /dev/null
}

install_debian() {
    local as_root=() policy=/usr/sbin/policy-rc.d status=0
    local how="apt-get install $*"
    command -v apt-get > /dev/null || fail "missing on this machine: $*. Install them with its package manager."
    if [[ $EUID -ne 0 ]]; then
        command -v sudo > /dev/null || fail "missing on this machine: $*. There is no right to install: have an administrator run: $how"
        as_root=(sudo)
        [[ -t 0 ]] || as_root+=(-n)
        "${as_root[@]}" true || fail "missing on this machine: $*. There is no right to install: have an administrator run: $how"
    fi
    say "installs $* (Debian packages, ${as_root[*]:-as root})"

    # Debian starts servers when it installs them; this policy says no for the time of the installation.
    local own_policy=false
    if [[ ! -e $policy ]]; then
        own_policy=true
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy > /dev/null
        "${as_root[@]}" chmod +x $policy
    fi
    {
        "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
    } > .state/install.log 2>&1 || status=$?
    ! $own_policy || "${as_root[@]}" rm -f $policy
    [[ $status -eq 0 ]] || fail "could not install $*: $(grep -m1 '^E:' .state/install.log || tail -1 .state/install.log). Run it yourself: $how"
}

install_npm() {
    local folder=$1
    if [[ ! -e $folder/node_modules/.package-lock.json || $folder/package-lock.json -nt $folder/node_modules/.package-lock.json ]]; then
        say "installs the npm packages of $folder"
        npm ci --prefix "$folder" --no-audit --no-fund > .state/npm.log 2>&1 || fail "npm ci failed in $folder: $(grep -m1 'npm error' .state/npm.log || tail -1 .state/npm.log)"
        touch "$folder/node_modules/.package-lock.json"
    fi
}
