package registry

import (
	"bytes"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// pinged tells whether plain HTTP is accepted for a client that has asked address over HTTPS.
func pinged(client *http.Client, address string, accept ...bool) bool {
	watchHTTPS(client, address, accept...)
	if resp, err := client.Get("https://" + address + "/v1/_ping"); err == nil {
		resp.Body.Close()
	}
	return mayUseHTTP(client)
}

func TestPlainHTTPOnlyWhereAcceptedAndUnanswered(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(new(bytes.Buffer), "", 0)
	secure.StartTLS()
	defer secure.Close()
	for _, test := range []struct {
		what, address string
		accept        []bool
		next          http.RoundTripper
		want          bool
	}{
		{"an answer in plain HTTP", plain.Listener.Addr().String(), []bool{true}, &http.Transport{DisableKeepAlives: true}, true},
		{"without the option", plain.Listener.Addr().String(), []bool{false}, &http.Transport{DisableKeepAlives: true}, false},
		{"a caller that knows no option", plain.Listener.Addr().String(), nil, &http.Transport{DisableKeepAlives: true}, false},
		{"a refused connection", "127.0.0.1:1", []bool{true}, nil, true},
		{"a certificate that is not trusted", secure.Listener.Addr().String(), []bool{true}, nil, false},
		{"a redirect to an address that answers nobody", "registry.example", []bool{true}, redirectingRegistry{http.DefaultTransport}, false},
	} {
		if may := pinged(&http.Client{Transport: test.next}, test.address, test.accept...); may != test.want {
			t.Errorf("%s: accepted: %t", test.what, may)
		}
	}
}

func TestPlainHTTPNotBeforeHTTPSNorForDockerHub(t *testing.T) {
	for address, watched := range map[string]bool{
		"registry.example": true, "docker.io": false, "index.docker.io": false, "registry-1.docker.io:443": false,
	} {
		client := &http.Client{}
		watchHTTPS(client, address, true)
		if mayUseHTTP(client) || (client.Transport != nil) != watched {
			t.Errorf("%s: accepted before HTTPS was tried, or watched: %t", address, client.Transport != nil)
		}
	}
}

// redirectingRegistry answers for registry.example, by sending to an address where nobody listens.
type redirectingRegistry struct{ next http.RoundTripper }

func (r redirectingRegistry) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != "registry.example" {
		return r.next.RoundTrip(req)
	}
	there := url.URL{Scheme: "https", Host: "127.0.0.1:1", Path: "/v1/_ping"}
	header := http.Header{"Location": {there.String()}}
	return &http.Response{StatusCode: http.StatusFound, Header: header, Body: new(noBody), Request: req}, nil
}

type noBody struct{ bytes.Buffer }

func (*noBody) Close() error { return nil }
