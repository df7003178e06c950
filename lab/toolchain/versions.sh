#!/usr/bin/env bash
# Every version of the toolchain that package.json does not name. A test compares them with Pulumi.yaml.
# shellcheck disable=SC2034 # read by the other parts

ENGINE_VERSION=3.259.0
OLDEST_ENGINE=3.248.0
BRIDGE_VERSION=1.1.3
LIBVIRT_VERSION=0.8.3
LIBVIRT_SOURCE=registry.opentofu.org/dmacvicar/libvirt
COMMAND_VERSION=1.2.1
RANDOM_VERSION=4.21.2

OLDEST_NODE=20.19.0
OLDEST_GO=1.21.0
