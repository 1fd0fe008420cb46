package registry

import (
	"net"
	"strings"
)

// IsDockerHub tells whether hostname, with or without a port, is one of Docker Hub's own.
// Those are never offered over plain HTTP, whatever AcceptInsecureRegistry says.
func IsDockerHub(hostname string) bool {
	if host, _, err := net.SplitHostPort(hostname); err == nil {
		hostname = host
	}
	switch strings.ToLower(strings.TrimSuffix(hostname, ".")) {
	case "docker.io", "index.docker.io", "registry-1.docker.io":
		return true
	}
	return false
}
