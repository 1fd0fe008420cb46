package registry

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
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
	plain, secure := httptest.NewServer(http.HandlerFunc(sayHello)), httptest.NewTLSServer(http.HandlerFunc(sayHello))
	defer plain.Close()
	defer secure.Close()
	silent, closed := listenLocally(t), listenLocally(t)
	defer silent.Close()
	closed.Close()
	for name, test := range map[string]struct {
		address  net.Addr
		patience time.Duration
		want     bool
	}{
		"plain HTTP":      {plain.Listener.Addr(), time.Minute, true},
		"refused":         {closed.Addr(), time.Minute, true},
		"silent":          {silent.Addr(), 100 * time.Millisecond, true},
		"bad certificate": {secure.Listener.Addr(), time.Minute, false},
	} {
		err := errorOverHTTPS(t, test.address.String(), test.patience)
		for _, wrapped := range []error{err, onlyText(err), withCause{err}, withUnwrap{withCause{err}}} {
			if HTTPSGaveNoAnswer(wrapped) != test.want {
				t.Errorf("%s: %#v: %t", name, wrapped, !test.want)
			}
		}
	}
	if HTTPSGaveNoAnswer(nil) {
		t.Error("no error counts as no answer")
	}
}

// proxyThatSays is a proxy whose answer to each request for a connection begins with status. Where that is
// 200, the other end of the connection is silent until it is closed.
func proxyThatSays(t *testing.T, status string) net.Listener {
	listener := listenLocally(t)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
					return
				}
				io.WriteString(conn, "HTTP/1.1 "+status+"\r\nContent-Length: 0\r\n\r\n")
				if strings.HasPrefix(status, "200") {
					io.Copy(new(bytes.Buffer), conn)
				}
			}()
		}
	}()
	return listener
}

// behind lets all requests of the patch go through the proxy at listener until the returned function
// is called, and returns a client that does so, too.
func behind(listener net.Listener) (*http.Client, func()) {
	proxy := http.ProxyURL(&url.URL{Scheme: "http", Host: listener.Addr().String()})
	before := proxyOf
	proxyOf = proxy
	return &http.Client{Transport: &http.Transport{Proxy: proxy, DisableKeepAlives: true}}, func() { proxyOf = before }
}

func TestAProxyThatRefusesIsNoAnswer(t *testing.T) {
	for status, says := range map[string]string{
		"403 Forbidden":                     "Forbidden",
		"407 Proxy Authentication Required": "Proxy Authentication Required",
		"502 Bad Gateway":                   "Bad Gateway",
		"503 Service Unavailable":           "Service Unavailable",
		"504 Gateway Timeout":               "Gateway Timeout",
		"403 Blocked by policy":             "Blocked by policy",
		"503 \x1b[31mno\tway\x1b[0m":        `\x1b[31mno\tway\x1b[0m`,
		"470 ":                              "",
		"407 tls":                           "",
	} {
		proxy := proxyThatSays(t, status)
		client, restore := behind(proxy)
		_, err := client.Get("https://registry.example/v2/")
		for _, wrapped := range []error{err, onlyText(err), withCause{err}, withUnwrap{withCause{err}}} {
			if got := HTTPSGaveNoAnswer(wrapped); got != (status != "407 tls") {
				t.Errorf("%q: %#v: %t", status, wrapped, got)
			}
		}
		if said := WhyNoAnswer(err); strings.Contains(said, "\x1b") || says != "" && said != " (the proxy says: "+says+")" {
			t.Errorf("%q: said %q", status, said)
		}
		restore()
		if status == "403 Blocked by policy" && (HTTPSGaveNoAnswer(err) || WhyNoAnswer(err) != "") {
			t.Errorf("%v: no proxy has said so, where there is none", err)
		}
		proxy.Close()
	}
	if said := WhyNoAnswer(errors.New("Get https://h/v2/: dial tcp 192.0.2.1:443: connection refused")); said != "" {
		t.Errorf("no proxy, but %q", said)
	}
}

// Where the proxy connects, somebody else has said it: the registry, or who asked it for a token.
func TestAProxyThatConnectsHasNotRefused(t *testing.T) {
	proxy := proxyThatSays(t, "200 Connection established")
	defer proxy.Close()
	_, restore := behind(proxy)
	defer restore()
	for _, text := range []string{"no basic auth credentials", "stopped after 10 redirects", "Blocked by policy"} {
		err := &url.Error{Op: "Get", URL: "https://registry.example/v2/", Err: errors.New(text)}
		if HTTPSGaveNoAnswer(err) || HTTPSGaveNoAnswer(onlyText(err)) {
			t.Errorf("%v counts as no answer", err)
		}
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
		"Get https://h/v2/: EOF":                                                                                          false,
		"Get http://h/v2/: dial tcp: connection refused":                                                                  false,
		"login attempt to https://h/v2/ failed with status: 401 Unauthorized":                                             false,
		"denied: Get https://other/: dial tcp 192.0.2.1:443: connection refused":                                          false,
		"received unexpected HTTP status: 503 dial tcp 192.0.2.1:443: connection refused":                                 false,
		ping + "Get https://h/v2/: Forbidden\n v1 ping attempt failed with error: Get https://h/v1/_ping: Forbidden":      true,
		ping + "Get https://h/v2/: Forbidden by h\n v1 ping attempt failed with error: Get https://h/v1/_ping: Forbidden": false,
		"Get https://h/v2/: Forbidden":                                                                                    true,
		"Get \"https://h/v2/\": Proxy Authentication Required":                                                            true,
		"Get https://h/v2/: Forbidden by the registry":                                                                    false,
		"Get http://h/v2/: Forbidden":                                                                                     false,
		"Forbidden":                                                                                                       false,
		"denied: Get https://h/v2/: Forbidden":                                                                            false,
		"":                                                                                                                false,
	} {
		if got := HTTPSGaveNoAnswer(errors.New(text)); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

// overdue is a timeout that says so by its type alone.
type overdue struct{}

func (overdue) Error() string { return "it takes too long" }
func (overdue) Timeout() bool { return true }

// firstRecord has the shape of tls.RecordHeaderError, which the Go of old releases does not know.
type firstRecord struct{ RecordHeader [5]byte }

func (firstRecord) Error() string { return "tls: first record does not look like a TLS handshake" }

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
		{&net.OpError{Op: "socks connect", Net: "tcp", Err: errors.New("unknown error host unreachable")}, true},
		{&url.Error{Op: "Get", URL: "https://h/v2/", Err: overdue{}}, true},
		{&url.Error{Op: "Get", URL: "https://h/v2/", Err: firstRecord{[5]byte{'H', 'T', 'T', 'P', '/'}}}, true},
		{&url.Error{Op: "Get", URL: "https://h/v2/", Err: firstRecord{[5]byte{'S', 'S', 'H', '-', '2'}}}, false},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}, false},
		{&net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}, false},
		{withUnwrap{errors.New("x509: certificate is valid for dial tcp, not h")}, false},
		{&url.Error{Op: "Get", URL: "https://h/v2/", Err: errors.New("tls: oversized record received with length 20527")}, true},
	} {
		if got := HTTPSGaveNoAnswer(test.err); got != test.want {
			t.Errorf("%v: %t", test.err, got)
		}
	}
}
