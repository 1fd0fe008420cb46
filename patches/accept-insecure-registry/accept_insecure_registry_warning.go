package registry

// AcceptInsecureRegistryWarning names the risk that AcceptInsecureRegistry takes, for the
// daemon's log and for `docker info`.
const AcceptInsecureRegistryWarning = "accept-insecure-registry is on: a registry that cannot be reached over HTTPS is tried over plain HTTP. Whoever can block HTTPS to a registry can read passwords and replace images."
