package registry

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/docker/distribution/reference"
	"github.com/docker/docker/opts"
)

// TestAcceptInsecureRegistry guards what the option of that name means: plain HTTP is offered after
// HTTPS for every registry but Docker Hub, certificates are checked as before, and mirrors and
// listed registries are what they were.
func TestAcceptInsecureRegistry(t *testing.T) {
	resolve := lookupIP
	defer func() { lookupIP = resolve }()
	lookupIP = func(host string) ([]net.IP, error) {
		return nil, errors.New("no name is resolved here: " + host)
	}

	const listed = "listed.example:5000"
	for _, tc := range []struct {
		host   string
		listed bool // http:// is offered whatever the option says, and certificates are not checked
		opened bool // http:// is offered where the option is on
	}{
		{"registry.example", false, true},
		{"registry.example:5000", false, true},
		{"192.0.2.1", false, true},
		{"[2001:db8::1]:5000", false, true},
		{"docker.io.example", false, true},
		{listed, true, true},
		{"127.0.0.1:5000", true, true},
		{"docker.io", false, false},
		{"index.docker.io", false, false},
		{"registry-1.docker.io", false, false},
		{"Registry-1.Docker.io:443", false, false},
	} {
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
			named, err := reference.ParseNamed(tc.host + "/app")
			if err != nil {
				continue // a repository's name cannot have such a host
			}
			for name, lookup := range map[string]func(reference.Named) ([]APIEndpoint, error){
				"pull": service.LookupPullEndpoints,
				"push": service.LookupPushEndpoints,
			} {
				endpoints, err := lookup(named)
				if err != nil {
					t.Fatalf("%s of %s: %v", name, tc.host, err)
				}
				what := fmt.Sprintf("%s of %s, option %v", name, tc.host, accept)
				checkAcceptInsecure(t, what, endpoints, tc.listed || accept && tc.opened, tc.listed)
			}
		}
	}
}

// checkAcceptInsecure wants every https:// to be followed by its http://, or no http:// at all.
func checkAcceptInsecure(t *testing.T, what string, endpoints []APIEndpoint, offered, unchecked bool) {
	if len(endpoints) == 0 {
		t.Errorf("%s: there is no endpoint", what)
	}
	secure := ""
	for _, endpoint := range endpoints {
		address := fmt.Sprint(endpoint.URL)
		if endpoint.TLSConfig.InsecureSkipVerify != unchecked {
			t.Errorf("%s: certificates of %s are checked: %v", what, address, unchecked)
		}
		if strings.HasPrefix(address, "http://") {
			if !offered || "https"+strings.TrimPrefix(address, "http") != secure {
				t.Errorf("%s: %s is offered after %q", what, address, secure)
			}
			secure = ""
			continue
		}
		if offered && secure != "" {
			t.Errorf("%s: there is no plain HTTP after %s", what, secure)
		}
		secure = address
	}
	if offered && secure != "" {
		t.Errorf("%s: there is no plain HTTP after %s", what, secure)
	}
}
