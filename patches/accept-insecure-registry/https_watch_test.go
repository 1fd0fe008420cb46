package registry

import (
	"io/ioutil"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// pinged is a client that has asked address over HTTPS, and whether plain HTTP is now accepted.
func pinged(address string, accept ...bool) (*http.Client, bool) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	watchHTTPS(client, address, accept...)
	if resp, err := client.Get("https://" + address + "/v1/_ping"); err == nil {
		resp.Body.Close()
	}
	return client, mayUseHTTP(client)
}

func TestPlainHTTPOnlyWhereAccepted(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	address := plain.Listener.Addr().String()
	if _, may := pinged(address, true); !may {
		t.Error("an answer in plain HTTP: not accepted")
	}
	if _, may := pinged(address, false); may {
		t.Error("accepted without the option")
	}
	if _, may := pinged(address); may {
		t.Error("accepted by a caller that knows no option")
	}
	client := &http.Client{}
	watchHTTPS(client, address, true)
	if mayUseHTTP(client) {
		t.Error("accepted before HTTPS was tried")
	}
	for _, hub := range []string{"docker.io", "index.docker.io", "registry-1.docker.io:443"} {
		client := &http.Client{}
		watchHTTPS(client, hub, true)
		if client.Transport != nil {
			t.Errorf("%s is watched", hub)
		}
	}
}

func TestNoPlainHTTPAfterAnAnswer(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(ioutil.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	if _, may := pinged(server.Listener.Addr().String(), true); may {
		t.Error("accepted after a certificate that is not trusted")
	}
	if _, may := pinged("127.0.0.1:1", true); !may {
		t.Error("a refused connection: not accepted")
	}
	moved := &http.Client{Transport: redirectingRegistry{&http.Transport{}}}
	watchHTTPS(moved, "registry.example", true)
	if _, err := moved.Get("https://registry.example/v1/_ping"); err == nil {
		t.Error("the other address answered")
	}
	if mayUseHTTP(moved) {
		t.Error("accepted after a redirect to an address that answers nobody")
	}
}

// redirectingRegistry answers for registry.example, by sending to an address where nobody listens.
type redirectingRegistry struct{ next http.RoundTripper }

func (r redirectingRegistry) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != "registry.example" {
		return r.next.RoundTrip(req)
	}
	there := url.URL{Scheme: "https", Host: "127.0.0.1:1", Path: "/v1/_ping"}
	return &http.Response{
		StatusCode: http.StatusFound,
		Header:     http.Header{"Location": {there.String()}},
		Body:       ioutil.NopCloser(strings.NewReader("")),
		Request:    req,
	}, nil
}
