package registry

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

const (
	refusal       = "Get https://registry.example/v2/: dial tcp 192.0.2.1:443: connection refused"
	badCert       = "Get https://registry.example/v2/: x509: certificate signed by unknown authority"
	noTunnel      = "Get https://registry.example/v2/: Forbidden"
	wrongPassword = "login attempt to https://registry.example/v2/ failed with status: 401 Unauthorized"
)

// endpointAt makes an endpoint, whose URL some releases keep as text.
func endpointAt(t *testing.T, address string, config *tls.Config) APIEndpoint {
	endpoint := APIEndpoint{TLSConfig: config}
	field := reflect.ValueOf(&endpoint).Elem().FieldByName("URL")
	if field.Kind() == reflect.String {
		field.SetString(address)
		return endpoint
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	field.Set(reflect.ValueOf(u))
	return endpoint
}

// offeredAt makes an endpoint that nothing but the option offers.
func offeredAt(t *testing.T, address string, config *tls.Config) APIEndpoint {
	endpoint := endpointAt(t, address, config)
	endpoint.byOption = true
	return endpoint
}

func TestAnEndpointWithoutAnAddress(t *testing.T) {
	endpoint := offeredAt(t, "http://registry.example", &tls.Config{})
	if field := reflect.ValueOf(&endpoint).Elem().FieldByName("URL"); field.Kind() == reflect.String {
		field.SetString("http://a b")
	} else {
		field.Set(reflect.ValueOf(&url.URL{Scheme: "http", Host: "a b"}))
	}
	if host := endpoint.address().Host; host != "" {
		t.Errorf("its host is %q", host)
	}
}

type warnings []string

func (l *warnings) warnf(format string, args ...interface{}) {
	*l = append(*l, fmt.Sprintf(format, args...))
}

// tryRound tries an endpoint over HTTPS, which ends with err, and tells whether the same host is
// skipped over plain HTTP, twice.
func tryRound(t *testing.T, secure, plain APIEndpoint, err error) (bool, warnings) {
	var (
		first HTTPSFirst
		said  warnings
	)
	if first.Skips(secure, nil, said.warnf) {
		t.Error("HTTPS is skipped")
	}
	skipped := first.Skips(plain, err, said.warnf)
	if first.Skips(secure, errors.New("something else"), said.warnf) {
		t.Error("HTTPS is skipped")
	}
	if again := first.Skips(plain, errors.New(refusal), said.warnf); again != skipped {
		t.Errorf("skipped: first %t, then %t", skipped, again)
	}
	return skipped, said
}

func TestHTTPSFirstSkips(t *testing.T) {
	for text, want := range map[string]bool{refusal: false, noTunnel: false, badCert: true, wrongPassword: true} {
		config := &tls.Config{}
		secure, plain := endpointAt(t, "https://registry.example", config), offeredAt(t, "http://registry.example", config)
		skipped, said := tryRound(t, secure, plain, errors.New(text))
		if skipped != want || len(said) != 2 || !strings.Contains(said[0], "registry.example") {
			t.Errorf("%s: skipped: %t, said %q", text, skipped, said)
		}
		if strings.Contains(said[0], "Skipping") != want || strings.Contains(said[0], "Forbidden") != (text == noTunnel) {
			t.Errorf("%s: said %q", text, said)
		}
	}
	config := &tls.Config{}
	secure, plain := endpointAt(t, "https://one.example", config), offeredAt(t, "http://other.example", config)
	if skipped, said := tryRound(t, secure, plain, errors.New(badCert)); skipped {
		t.Errorf("another host is skipped, said %q", said)
	}
}

// What the option has not opened is not its business, whatever it looks like: a fork may offer
// plain HTTP by a configuration of its own.
func TestHTTPSFirstLeavesOthersAlone(t *testing.T) {
	for name, config := range map[string]*tls.Config{"listed": {InsecureSkipVerify: true}, "no TLS": nil, "own": {}} {
		for _, mirror := range []bool{false, true} {
			secure, plain := endpointAt(t, "https://registry.example", config), endpointAt(t, "http://registry.example", config)
			secure.Mirror, plain.Mirror = mirror, mirror
			if skipped, said := tryRound(t, secure, plain, errors.New(badCert)); skipped || len(said) != 0 {
				t.Errorf("%s, mirror %t: skipped: %t, said %q", name, mirror, skipped, said)
			}
		}
	}
}

type tooLate struct{}

func (tooLate) Error() string { return "context deadline exceeded" }
func (tooLate) Timeout() bool { return true }

type callersContext struct{ err error }

func (c callersContext) Err() error { return c.err }

func TestHTTPSFirstGoesOn(t *testing.T) {
	config, listed := &tls.Config{}, &tls.Config{InsecureSkipVerify: true}
	silence := &url.Error{Op: "Get", URL: "https://registry.example/v2/", Err: tooLate{}}
	here, offered := endpointAt(t, "https://registry.example", config), offeredAt(t, "http://registry.example", config)
	for _, test := range []struct {
		name        string
		ctx         callersContext
		last, plain APIEndpoint
		err         error
		shown, want bool
	}{
		{"nobody answers", callersContext{}, here, offered, silence, false, true},
		{"the caller left", callersContext{errors.New("canceled")}, here, offered, silence, false, false},
		{"option off", callersContext{}, here, endpointAt(t, "http://registry.example", config), silence, false, false},
		{"listed", callersContext{}, endpointAt(t, "https://registry.example", listed), endpointAt(t, "http://registry.example", listed), silence, false, false},
		{"another host", callersContext{}, endpointAt(t, "https://one.example", config), offered, silence, false, false},
		{"a bad certificate", callersContext{}, here, offered, errors.New(badCert), false, false},
		{"no error", callersContext{}, here, offered, nil, false, false},
		{"a certificate was shown", callersContext{}, here, offered, silence, true, false},
	} {
		var first HTTPSFirst
		then := time.Unix(1, 0)
		config.Time = func() time.Time { return then }
		first.Skips(test.last, nil, nil)
		if test.shown && !config.Time().Equal(then) {
			t.Errorf("%s: the clock is another one", test.name)
		}
		if got := first.GoesOn(test.ctx, []APIEndpoint{test.plain}, test.err); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
}

// trusting is a TLS configuration that accepts the certificate of a test server.
func trusting(t *testing.T, server *httptest.Server) *tls.Config {
	certificate, err := x509.ParseCertificate(server.TLS.Certificates[0].Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(certificate)
	return &tls.Config{RootCAs: pool}
}

func TestHTTPSFirstRemembersTheHandshake(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(sayHello))
	defer server.Close()
	for name, config := range map[string]*tls.Config{"good": trusting(t, server), "bad": {}} {
		var (
			first HTTPSFirst
			said  warnings
		)
		first.Skips(endpointAt(t, server.URL, config), nil, said.warnf)
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: config}}
		if resp, err := client.Get(server.URL); err == nil {
			resp.Body.Close()
		} else if name == "good" {
			t.Fatal(err)
		}
		plain := offeredAt(t, strings.Replace(server.URL, "https", "http", 1), config)
		if !first.Skips(plain, errors.New(refusal), said.warnf) {
			t.Errorf("%s certificate: plain HTTP is not skipped", name)
		}
	}
}

func TestNoteHTTPS(t *testing.T) {
	mirror := endpointAt(t, "https://registry.example", &tls.Config{})
	mirror.Mirror = true
	elsewhere := &url.Error{Op: "Get", URL: "https://token.example/", Err: errors.New("dial tcp: connection refused")}
	here := &url.Error{Op: "Get", URL: "https://registry.example/v2/", Err: errors.New("dial tcp: connection refused")}
	for _, test := range []struct {
		name     string
		endpoint APIEndpoint
		err      error
		want     bool
	}{
		{"no error", endpointAt(t, "https://registry.example", &tls.Config{}), nil, true},
		{"bad certificate", endpointAt(t, "https://registry.example", &tls.Config{}), errors.New(badCert), true},
		{"refused", endpointAt(t, "https://registry.example", &tls.Config{}), errors.New(refusal), false},
		{"refused by a proxy", endpointAt(t, "https://registry.example", &tls.Config{}), errors.New(noTunnel), false},
		{"refused elsewhere", endpointAt(t, "https://registry.example", &tls.Config{}), elsewhere, true},
		{"refused elsewhere, wrapped", endpointAt(t, "https://registry.example", &tls.Config{}), withCause{withUnwrap{elsewhere}}, true},
		{"refused elsewhere, as text", endpointAt(t, "https://registry.example", &tls.Config{}), onlyText(elsewhere), true},
		{"refused here, wrapped", endpointAt(t, "https://registry.example", &tls.Config{}), withCause{withUnwrap{here}}, false},
		{"refused here, as text", endpointAt(t, "https://registry.example", &tls.Config{}), onlyText(here), false},
		{"plain HTTP", endpointAt(t, "http://registry.example", &tls.Config{}), errors.New(badCert), false},
		{"listed", endpointAt(t, "https://registry.example", &tls.Config{InsecureSkipVerify: true}), errors.New(badCert), false},
		{"no TLS", endpointAt(t, "https://registry.example", nil), errors.New(badCert), false},
		{"mirror", mirror, errors.New(badCert), false},
	} {
		tried := map[string]error{}
		var said warnings
		test.endpoint.NoteHTTPS(tried, test.err)
		if got := offeredAt(t, "http://registry.example", nil).SkipsPlainHTTP(tried, said.warnf); got != test.want {
			t.Errorf("%s: %t, said %q", test.name, got, said)
		}
		test.endpoint.NoteHTTPS(tried, errors.New(refusal))
		if got := offeredAt(t, "http://registry.example", nil).SkipsPlainHTTP(tried, said.warnf); got != test.want {
			t.Errorf("%s, then refused: %t", test.name, got)
		}
		if endpointAt(t, "http://registry.example", nil).SkipsPlainHTTP(tried, nil) {
			t.Errorf("%s: what the option has not opened is skipped", test.name)
		}
	}
}

// bothWays is a transport on which every host answers over HTTPS as secure does, if there is one, and
// else in plain HTTP.
func bothWays(plain, secure *httptest.Server, config *tls.Config) http.RoundTripper {
	dial := func(network, _ string) (net.Conn, error) { return net.Dial(network, plain.Listener.Addr().String()) }
	overTLS := func(network, _ string) (net.Conn, error) {
		server := plain
		if secure != nil {
			server = secure
		}
		return tls.Dial(network, server.Listener.Addr().String(), config)
	}
	return &http.Transport{Dial: dial, DialTLS: overTLS, DisableKeepAlives: true}
}

func TestGuardPlainHTTP(t *testing.T) {
	for name, test := range map[string]struct {
		secure http.HandlerFunc
		trust  bool
		want   int
	}{
		"refused password": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }, true, 0},
		"bad certificate":  {sayHello, false, 0},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://127.0.0.1:1/", http.StatusFound)
		}, true, 0},
		"plain HTTP only": {nil, true, 1},
	} {
		host := "registry.example"
		if name == "bad certificate" {
			host += ":5000"
		}
		requests := make(chan string, 10)
		plain, config := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			requests <- r.Method + " " + r.URL.Path + " " + r.Header.Get("Authorization")
		})), &tls.Config{}
		var secure *httptest.Server
		if test.secure != nil {
			secure = httptest.NewTLSServer(test.secure)
			defer secure.Close()
		}
		if test.secure != nil && test.trust {
			config = trusting(t, secure)
		}
		config.ServerName = "127.0.0.1"
		var said warnings
		guard := offeredAt(t, "http://"+host, config).GuardPlainHTTP(bothWays(plain, secure, config), said.warnf)
		req, err := http.NewRequest("PUT", "http://"+host+"/v2/image", strings.NewReader("layer"))
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth("name", "password")
		resp, err := (&http.Client{Transport: guard}).Do(req)
		if err == nil {
			resp.Body.Close()
		}
		plain.Close()
		if (err == nil) != (test.want == 1) || len(said) != test.want || len(requests) != test.want {
			t.Errorf("%s: %v, said %q, %d requests", name, err, said, len(requests))
		}
		if test.want == 1 {
			if got := <-requests; !strings.HasPrefix(got, "PUT /v2/image Basic ") {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

// limited is a transport that notes whether a request has a time limit. Go has shown that since 1.5.
type limited struct{ seen []bool }

func (l *limited) RoundTrip(req *http.Request) (*http.Response, error) {
	cancel := reflect.ValueOf(req).Elem().FieldByName("Cancel")
	l.seen = append(l.seen, !cancel.IsValid() || !cancel.IsNil())
	return nil, errors.New("nobody answers")
}

// CancelRequest is what Go before 1.5 wants of a transport.
func (l *limited) CancelRequest(*http.Request) {}

func TestGuardPlainHTTPDoesNotWaitForever(t *testing.T) {
	base := &limited{}
	guard := offeredAt(t, "http://registry.example", &tls.Config{}).GuardPlainHTTP(base, nil)
	if req, err := http.NewRequest("GET", "http://registry.example/v2/", nil); err == nil {
		guard.RoundTrip(req)
	}
	if len(base.seen) != 1 || !base.seen[0] {
		t.Errorf("the question over HTTPS has no time limit: %v", base.seen)
	}
}

func TestGuardPlainHTTPLeavesOthersAlone(t *testing.T) {
	base := &http.Transport{}
	mirror := endpointAt(t, "http://registry.example", &tls.Config{})
	mirror.Mirror = true
	for _, endpoint := range []APIEndpoint{
		mirror,
		endpointAt(t, "http://registry.example", nil),
		endpointAt(t, "http://registry.example", &tls.Config{InsecureSkipVerify: true}),
		endpointAt(t, "https://registry.example", &tls.Config{}),
	} {
		if endpoint.GuardPlainHTTP(base, nil) != http.RoundTripper(base) {
			t.Errorf("%v is guarded", endpoint.URL)
		}
	}
}
