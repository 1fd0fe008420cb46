package registry

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/docker/docker/opts"
	"github.com/docker/docker/reference"
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

	const listed = "listed.example:5000"
	for _, host := range []string{
		"registry.example", "registry.example:5000", "192.0.2.1", "[2001:db8::1]:5000", "docker.io.example",
		listed, "127.0.0.1:5000",
		"docker.io", "index.docker.io", "registry-1.docker.io", "Registry-1.Docker.io:443",
	} {
		found := map[string][]APIEndpoint{}
		for _, accept := range []bool{false, true} {
			mirrors, insecure := opts.NewListOpts(nil), opts.NewListOpts(nil)
			if err := mirrors.Set("https://mirror.example/"); err != nil {
				t.Fatal(err)
			}
			if err := insecure.Set(listed); err != nil {
				t.Fatal(err)
			}
			service := NewService(&Options{
				Mirrors:                mirrors,
				InsecureRegistries:     insecure,
				AcceptInsecureRegistry: accept,
			})
			named, err := reference.ParseNamed(host + "/app")
			if err != nil {
				continue // a repository's name cannot have such a host
			}
			for name, lookup := range map[string]func(reference.Named) ([]APIEndpoint, error){
				"pull": service.LookupPullEndpoints,
				"push": service.LookupPushEndpoints,
			} {
				found[fmt.Sprint(name, accept)], _ = lookup(named)
			}
		}
		for _, name := range []string{"pull", "push"} {
			checkAcceptInsecure(t, name+" of "+host, found[name+"false"], found[name+"true"])
		}
	}
}

// checkAcceptInsecure wants the option to add an http:// to every https:// whose certificate is
// checked, but to mirrors and Docker Hub, and to leave all else as it is without the option.
func checkAcceptInsecure(t *testing.T, what string, off, on []APIEndpoint) {
	var want, got []string
	for _, endpoint := range off {
		want = append(want, tellEndpoint(endpoint))
		u, err := url.Parse(fmt.Sprint(endpoint.URL))
		if err != nil {
			t.Fatal(err)
		}
		if u.Scheme != "https" || endpoint.Mirror || endpoint.TLSConfig.InsecureSkipVerify || isDockerHub(u.Host) {
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
