# Written by `pulumi up`: a change made here is lost at the next one.
PATH=/sbin:/usr/sbin:/bin:/usr/bin:/usr/local/sbin:/usr/local/bin
HOME=${HOME:-/root}
ENV=$HOME/.kshrc
export PATH HOME ENV
umask 022
