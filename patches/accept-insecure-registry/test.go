package registry

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
)

// TestAcceptInsecureRegistry guards what the option of that name means: plain HTTP is offered after
// HTTPS for every registry but Docker Hub, certificates are checked as before, and mirrors and
// listed registries are what they are without it.
func TestAcceptInsecureRegistry(t *testing.T) {
	resolve := lookupIP
	defer func() { lookupIP = resolve }()
	lookupIP = func(host string) ([]net.IP, error) {
		return nil, errors.New("no name is resolved here: " + host)
	}

	const listed, loopback = "listed.example:5000", "127.0.0.1:5000"
	for _, host := range []string{
		"registry.example", "registry.example:5000", "192.0.2.1", "[2001:db8::1]:5000", "docker.io.example",
		listed, loopback,
		"docker.io", "index.docker.io", "registry-1.docker.io", "Registry-1.Docker.io:443",
	} {
		found := map[string][]APIEndpoint{}
		for _, accept := range []bool{false, true} {
			${setup}
			service := acceptInsecureService(NewService(${made}{
				Mirrors:                ${mirrors},
				InsecureRegistries:     ${insecure},
				AcceptInsecureRegistry: accept,
			}))
			repository := ${repository}
			${parse}
			for name, lookup := range map[string]func(${parameters}) ([]APIEndpoint, error){
				"pull": service.LookupPullEndpoints,
				"push": service.LookupPushEndpoints,
			} {
				found[fmt.Sprint(name, accept)], _ = lookup(${arguments})
			}
		}
		for _, name := range []string{"pull", "push"} {
			what, off, on := name+" of "+host, found[name+"false"], found[name+"true"]
			checkAcceptInsecure(t, what, host == listed || host == loopback, off, on)
		}
	}
}

// checkAcceptInsecure wants the option to add an http:// to every https:// whose certificate is
// checked, but to mirrors and Docker Hub, and to leave all else as it is without the option; and
// certificates to be checked but for a registry that is listed or on this machine.
func checkAcceptInsecure(t *testing.T, what string, unchecked bool, off, on []APIEndpoint) {
	var want, got []string
	for _, endpoint := range off {
		if endpoint.TLSConfig.InsecureSkipVerify != (unchecked && !endpoint.Mirror) {
			t.Errorf("%s without the option: %s", what, tellEndpoint(endpoint))
		}
		want = append(want, tellEndpoint(endpoint))
		u, err := url.Parse(fmt.Sprint(endpoint.URL))
		if err != nil {
			t.Fatal(err)
		}
		if u.Scheme != "https" || endpoint.Mirror || endpoint.TLSConfig.InsecureSkipVerify || IsDockerHub(u.Host) {
			continue
		}
		endpoint.byOption = true
		want = append(want, strings.Replace(tellEndpoint(endpoint), "https", "http", 1))
	}
	for _, endpoint := range on {
		got = append(got, tellEndpoint(endpoint))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: there is %q, not %q", what, got, want)
	}
}

func tellEndpoint(e APIEndpoint) string {
	return fmt.Sprintf("%v (unchecked: %v, by the option: %v)", e.URL, e.TLSConfig.InsecureSkipVerify, e.byOption)
}

// acceptInsecureLookups is what the test wants of the registry service.
type acceptInsecureLookups interface {
	LookupPullEndpoints(${parameters}) ([]APIEndpoint, error)
	LookupPushEndpoints(${parameters}) ([]APIEndpoint, error)
}

// acceptInsecureService takes all that NewService returns: the service, and in later releases an
// error besides.
func acceptInsecureService(made ...interface{}) acceptInsecureLookups {
	for _, err := range made[1:] {
		if err != nil {
			panic(err)
		}
	}
	return made[0].(acceptInsecureLookups)
}
