package registry

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

type withCause struct{ cause error }

func (e withCause) Error() string { return "wrapped: " + e.cause.Error() }
func (e withCause) Cause() error  { return e.cause }

type withUnwrap struct{ inner error }

func (e withUnwrap) Error() string { return "wrapped: " + e.inner.Error() }
func (e withUnwrap) Unwrap() error { return e.inner }

// onlyText hides the error that it is made of.
func onlyText(err error) error { return errors.New(err.Error()) }

// errorOverHTTPS is what asking the server at address over HTTPS ends with.
func errorOverHTTPS(t *testing.T, address string, patience time.Duration) error {
	client := &http.Client{
		Transport: &http.Transport{TLSClientConfig: &tls.Config{}, TLSHandshakeTimeout: patience},
	}
	resp, err := client.Get("https://" + address + "/v2/")
	if err == nil {
		resp.Body.Close()
		t.Fatalf("%s answered with %s", address, resp.Status)
	}
	return err
}

func sayHello(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("hello")) }

func listenLocally(t *testing.T) net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func TestHTTPSGaveNoAnswer(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(sayHello))
	defer plain.Close()
	silent := listenLocally(t)
	defer silent.Close()
	closed := listenLocally(t)
	closed.Close()
	for name, test := range map[string]struct {
		address  string
		patience time.Duration
	}{
		"plain HTTP": {plain.Listener.Addr().String(), time.Minute},
		"refused":    {closed.Addr().String(), time.Minute},
		"silent":     {silent.Addr().String(), 100 * time.Millisecond},
	} {
		err := errorOverHTTPS(t, test.address, test.patience)
		for _, wrapped := range []error{err, onlyText(err), withCause{err}, withUnwrap{withCause{err}}} {
			if !HTTPSGaveNoAnswer(wrapped) {
				t.Errorf("%s: %#v counts as an answer", name, wrapped)
			}
		}
	}
}

func TestHTTPSGaveAnAnswer(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(sayHello))
	defer server.Close()
	err := errorOverHTTPS(t, server.Listener.Addr().String(), time.Minute)
	if !strings.Contains(err.Error(), "x509") {
		t.Fatalf("not an error about the certificate: %v", err)
	}
	for _, wrapped := range []error{nil, err, onlyText(err), withCause{err}, withUnwrap{withCause{err}}} {
		if HTTPSGaveNoAnswer(wrapped) {
			t.Errorf("%#v counts as no answer", wrapped)
		}
	}
}

// refusingProxy is a proxy that connects to nobody.
func refusingProxy(status int) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
	}))
}

func TestAProxyThatRefusesIsNoAnswer(t *testing.T) {
	for _, status := range []int{403, 407, 502, 503, 504} {
		proxy := refusingProxy(status)
		address, err := url.Parse(proxy.URL)
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(address)}}
		_, err = client.Get("https://registry.example/v2/")
		proxy.Close()
		for _, wrapped := range []error{err, onlyText(err), withCause{err}, withUnwrap{withCause{err}}} {
			if !HTTPSGaveNoAnswer(wrapped) {
				t.Errorf("%d: %#v counts as an answer", status, wrapped)
			}
		}
		if said := WhyNoAnswer(err); !strings.Contains(said, http.StatusText(status)) {
			t.Errorf("%d: %q", status, said)
		}
	}
	if said := WhyNoAnswer(errors.New("Get https://h/v2/: dial tcp 192.0.2.1:443: connection refused")); said != "" {
		t.Errorf("no proxy, but %q", said)
	}
}

func TestHTTPSGaveNoAnswerByText(t *testing.T) {
	ping := "unable to ping registry endpoint https://h/v0/\nv2 ping attempt failed with error: "
	for text, want := range map[string]bool{
		"Get https://h/v2/: dial tcp 192.0.2.1:443: connection refused":                                                                                               true,
		"Get \"https://h/v2/\": dial tcp: lookup h: no such host":                                                                                                     true,
		"Get \"https://h/v2/\": dial tcp 192.0.2.1:443: connectex: No connection could be made":                                                                       true,
		"Get https://h/v2/: tls: oversized record received with length 20527":                                                                                         true,
		"Get https://h/v2/: http: server gave HTTP response to HTTPS client":                                                                                          true,
		"Get https://h/v2/: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)":                                 true,
		"Get https://h/v2/: net/http: TLS handshake timeout":                                                                                                          true,
		ping + "Get https://h/v2/: dial tcp 192.0.2.1:443: connection refused\n v1 ping attempt failed with error: Get https://h/v1/_ping: dial tcp: i/o timeout":     true,
		ping + "Get https://h/v2/: x509: certificate is not valid\n v1 ping attempt failed with error: Get https://h/v1/_ping: dial tcp: i/o timeout":                 false,
		ping + "https://h/v2/ does not appear to be a v2 registry endpoint\n v1 ping attempt failed with error: Get https://h/v1/_ping: dial tcp: connection refused": false,
		"Get https://h/v2/: x509: certificate signed by unknown authority":                                                                                            false,
		"Get https://h/v2/: remote error: handshake failure":                                                                                                          false,
		"Get https://h/v2/: EOF":                                                          false,
		"Get http://h/v2/: dial tcp: connection refused":                                  false,
		"login attempt to https://h/v2/ failed with status: 401 Unauthorized":             false,
		"denied: Get https://other/: dial tcp 192.0.2.1:443: connection refused":          false,
		"received unexpected HTTP status: 503 dial tcp 192.0.2.1:443: connection refused": false,
		"Get https://h/v2/: Forbidden":                                                    true,
		"Get \"https://h/v2/\": Proxy Authentication Required":                            true,
		"Get https://h/v2/: Forbidden by the registry":                                    false,
		"Get http://h/v2/: Forbidden":                                                     false,
		"Forbidden":                                                                       false,
		"denied: Get https://h/v2/: Forbidden":                                            false,
		"":                                                                                false,
	} {
		if got := HTTPSGaveNoAnswer(errors.New(text)); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestHTTPSGaveNoAnswerByType(t *testing.T) {
	dial := func(why error) error {
		return &url.Error{Op: "Get", URL: "https://h/v2/", Err: &net.OpError{Op: "dial", Net: "tcp", Err: why}}
	}
	for _, test := range []struct {
		err  error
		want bool
	}{
		{dial(errors.New("connection refused")), true},
		{dial(&net.DNSError{Err: "no such host", Name: "h"}), true},
		{dial(errors.New("operation was canceled")), false},
		{&net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New("connection refused")}, false},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}, false},
		{&net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}, false},
		{withUnwrap{errors.New("x509: certificate is valid for dial tcp, not h")}, false},
	} {
		if got := HTTPSGaveNoAnswer(test.err); got != test.want {
			t.Errorf("%v: %t", test.err, got)
		}
	}
	nested := &url.Error{Op: "Get", URL: "https://h/v2/", Err: errors.New("tls: oversized record received with length 20527")}
	if !HTTPSGaveNoAnswer(nested) {
		t.Errorf("%v counts as an answer", nested)
	}
}
