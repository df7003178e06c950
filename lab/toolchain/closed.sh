#!/usr/bin/env bash
# A closed network: the Go parts are built from the module proxy, the rest is this project's own stand-ins.

need_go() {
  local version free
  version=$(go env GOVERSION 2>/dev/null) ||
    die "Go >= $OLDEST_GO is missing, and Pulumi's downloads cannot be reached: install Go (https://go.dev/dl)"
  version=${version#go}
  at_least "$OLDEST_GO" "${version%% *}" || die "Go ${version%% *} is too old: install Go >= $OLDEST_GO"
  free=$(df -Pk "$TOOLCHAIN" | awk 'NR == 2 { print int($4 / 1024 / 1024) }')
  [ "$free" -ge 4 ] || die "${TOOLCHAIN%/*} has $free GB free, the build needs 4 GB: make room"
}

# checked_go ARGUMENT…: every module is compared with the committed go.sum, and another Go, if one is needed,
# with the public checksum database, whatever this machine's settings say.
checked_go() {
  GOWORK=off GOFLAGS='' GOSUMDB=sum.golang.org GONOSUMDB='' GOPRIVATE='' GOINSECURE='' GONOSUMCHECK='' go "$@"
}

# go_build MODULE LDFLAGS DIRECTORY PACKAGE…: the directory, with a program for each package, appears when all are
# complete. The linker leaves out what debuggers read (-s -w), so the compiler need not write it: a tenth of its time.
go_build() {
  local module=$1 flags=$2 directory=$3
  shift 3
  rm -rf "$directory" "$directory.new"
  checked_go -C "$ROOT/lab/toolchain/go/$module" build -mod=readonly -buildvcs=false \
    -gcflags=all=-dwarf=false -ldflags "-s -w $flags" \
    -o "$directory.new/" "$@" &&
    mv "$directory.new" "$directory"
}

ENGINE_PACKAGE=github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
BRIDGE_PACKAGE=github.com/pulumi/pulumi-terraform-bridge/v3/dynamic

# packages_to_build: of the engine and the bridge, those that are not there.
packages_to_build() {
  engine_is_there || echo "$ENGINE_PACKAGE"
  bridge_is_there || echo "$BRIDGE_PACKAGE"
}

# go_modules MODULE PACKAGE…: only downloads what the packages are built from.
go_modules() {
  local module=$1
  shift
  checked_go -C "$ROOT/lab/toolchain/go/$module" list -mod=readonly -deps "$@"
}

# build_engine MODULES PACKAGE…: the engine, the bridge or both. Of one module and in one invocation, as most of the
# bridge's packages are the engine's too.
build_engine() {
  local modules=$1 built=$TOOLCHAIN/engine.new
  shift
  need_go
  working "built from Go modules (4 to 9 minutes the first time)"
  logged engine go_build engine \
    "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$ENGINE_VERSION
      -X $BRIDGE_PACKAGE/version.version=$BRIDGE_VERSION" "$built" "$@"
  [ ! -x "$built/dynamic" ] || take_bridge "$built/dynamic" "$modules"
  [ ! -x "$built/pulumi" ] || take_engine "$built" "$modules"
}

# take_bridge FILE MODULES
take_bridge() {
  local directory
  directory=$(plugin_directory terraform-provider "$BRIDGE_VERSION")
  rm -rf "$directory"
  mkdir -p "$directory"
  mv "$1" "$directory/pulumi-resource-terraform-provider"
  came_from bridge "$BRIDGE_VERSION built from Go modules" "$2"
}

# take_engine DIRECTORY MODULES: as a whole, since what an official release has beside its CLI does not fit this one.
take_engine() {
  rm -rf "$BIN"
  mv "$1" "$BIN"
  came_from engine "$ENGINE_VERSION built from Go modules" "$2"
}

build_libvirt() {
  need_go
  working "built from Go modules"
  rm -rf "$(dirname "$(libvirt_file)")"
  logged libvirt go_build libvirt "" "$TOOLCHAIN/libvirt.new" github.com/dmacvicar/terraform-provider-libvirt
  mkdir -p "$(dirname "$(libvirt_file)")"
  mv "$TOOLCHAIN/libvirt.new/terraform-provider-libvirt" "$(libvirt_file)"
  rmdir "$TOOLCHAIN/libvirt.new"
  came_from libvirt "$LIBVIRT_VERSION built from Go modules" "$1"
}

# bundle ENTRY NAME: one file per process, since node starts it in a fraction of the time of many small ones.
bundle() {
  (cd "$ROOT" && node_modules/.bin/esbuild "$1" --bundle --platform=node --target=node20 --external:'*.node' \
    --external:cpu-features --log-level=warning --outfile="$TOOLCHAIN/closed/$2.new.js") &&
    mv "$TOOLCHAIN/closed/$2.new.js" "$TOOLCHAIN/closed/$2.js"
}

# launcher FILE UP BUNDLE: a program that starts the bundle, found from the place of the program itself.
launcher() {
  mkdir -p "${1%/*}"
  cat >"$1.new" <<TEXT
#!/bin/sh
here=\${0%/*}
node=\$here/$2/node/bin/node
[ -x "\$node" ] || node=node
exec "\$node" "\$here/$2/closed/$3.js" "\$@"
TEXT
  chmod 755 "$1.new"
  mv "$1.new" "$1"
}

bundle_language_host() {
  working "stand-in for closed networks"
  logged language-host bundle lab/toolchain/language-host/main.ts language-host
  launcher "$BIN/pulumi-language-nodejs" .. language-host
  came_from language-host "stand-in for closed networks (lab/toolchain/language-host)" "$1"
}

# bundle_plugin NAME VERSION FINGERPRINT
bundle_plugin() {
  local directory
  directory=$(plugin_directory "$1" "$2")
  working "stand-in for closed networks"
  logged "$1" bundle "lab/toolchain/providers/$1/main.ts" "$1"
  # A link to the user's own plugin.
  [ ! -L "$directory" ] || rm -f "$directory"
  launcher "$directory/pulumi-resource-$1" ../../.. "$1"
  came_from "$1" "stand-in for closed networks (lab/toolchain/providers/$1)" "$3"
}
