# Builds only when a source is newer than the last build: a start without changes takes no compiler.
build() {
    local target=$1 stamp
    stamp=.state/built-$(basename "$target")-$stand_ins
    if [[ -e $stamp && -z $(find . \( -name bin -o -name obj -o -name node_modules -o -name dist -o -name .git -o -name .state -o -name artifacts \) -prune -o -type f -newer "$stamp" -print -quit) ]]; then
        return
    fi
    say "builds $target"
    touch "$stamp.began"
    if ! dotnet build "$target" -v q -clp:NoSummary > .state/build.log 2>&1; then
        grep -E ': (error|warning)|error :' .state/build.log | sort -u | head -20 >&2 || tail -20 .state/build.log >&2
        fail "the build of $target failed. All of its output: .state/build.log"
    fi
    mv "$stamp.began" "$stamp"
}
