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
		if skipped != want {
			t.Errorf("%s: skipped: %t", text, skipped)
		}
		if len(said) != 2 || !strings.Contains(said[0], "registry.example") {
			t.Errorf("%s: said %q", text, said)
		}
		if strings.Contains(said[0], "Skipping") != want || strings.Contains(said[0], "Forbidden") != (text == noTunnel) {
			t.Errorf("%s: said %q", text, said)
		}
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

func TestHTTPSFirstKeepsHostsApart(t *testing.T) {
	config := &tls.Config{}
	secure, plain := endpointAt(t, "https://one.example", config), offeredAt(t, "http://other.example", config)
	if skipped, said := tryRound(t, secure, plain, errors.New(badCert)); skipped {
		t.Errorf("skipped, said %q", said)
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
	offered := []APIEndpoint{offeredAt(t, "http://registry.example", config)}
	waiting := callersContext{}
	for name, test := range map[string]struct {
		ctx  callersContext
		last APIEndpoint
		all  []APIEndpoint
		err  error
		want bool
	}{
		"nobody answers":    {waiting, endpointAt(t, "https://registry.example", config), offered, silence, true},
		"the caller left":   {callersContext{errors.New("canceled")}, endpointAt(t, "https://registry.example", config), offered, silence, false},
		"option off":        {waiting, endpointAt(t, "https://registry.example", config), []APIEndpoint{endpointAt(t, "http://registry.example", config)}, silence, false},
		"listed":            {waiting, endpointAt(t, "https://registry.example", listed), []APIEndpoint{endpointAt(t, "http://registry.example", listed)}, silence, false},
		"another host":      {waiting, endpointAt(t, "https://one.example", config), offered, silence, false},
		"a bad certificate": {waiting, endpointAt(t, "https://registry.example", config), offered, errors.New(badCert), false},
		"no error":          {waiting, endpointAt(t, "https://registry.example", config), offered, nil, false},
	} {
		var first HTTPSFirst
		first.Skips(test.last, nil, nil)
		if got := first.GoesOn(test.ctx, test.all, test.err); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestHTTPSFirstDoesNotGoOnAfterAHandshake(t *testing.T) {
	var first HTTPSFirst
	config := &tls.Config{}
	first.Skips(endpointAt(t, "https://registry.example", config), nil, nil)
	config.Time()
	offered := []APIEndpoint{offeredAt(t, "http://registry.example", config)}
	if first.GoesOn(callersContext{}, offered, tooLate{}) {
		t.Error("the registry has shown its certificate")
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

func TestHTTPSFirstKeepsTheClock(t *testing.T) {
	var first HTTPSFirst
	then := time.Unix(1, 0)
	config := &tls.Config{Time: func() time.Time { return then }}
	first.Skips(endpointAt(t, "https://registry.example", config), nil, nil)
	if got := config.Time(); !got.Equal(then) {
		t.Errorf("%s", got)
	}
}

func TestNoteHTTPS(t *testing.T) {
	mirror := endpointAt(t, "https://registry.example", &tls.Config{})
	mirror.Mirror = true
	elsewhere := &url.Error{Op: "Get", URL: "https://token.example/", Err: errors.New("dial tcp: connection refused")}
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

// serveBoth serves one address: TLS goes to secure, if there is one, and all else to plain.
func serveBoth(t *testing.T, secure, plain http.Handler) (string, *tls.Config, func()) {
	front := listenLocally(t)
	behind := httptest.NewServer(plain)
	var hidden *httptest.Server
	config := &tls.Config{}
	if secure != nil {
		hidden = httptest.NewTLSServer(secure)
		config = trusting(t, hidden)
	}
	go func() {
		for {
			conn, err := front.Accept()
			if err != nil {
				return
			}
			go forwardByKind(conn, behind, hidden)
		}
	}()
	return front.Addr().String(), config, func() {
		front.Close()
		behind.Close()
		if hidden != nil {
			hidden.Close()
		}
	}
}

func forwardByKind(conn net.Conn, plain, secure *httptest.Server) {
	defer conn.Close()
	start := make([]byte, 1)
	if _, err := conn.Read(start); err != nil {
		return
	}
	target := plain
	if start[0] == 0x16 && secure != nil {
		target = secure
	}
	next, err := net.Dial("tcp", target.Listener.Addr().String())
	if err != nil {
		return
	}
	defer next.Close()
	next.Write(start)
	go pourInto(next, conn)
	pourInto(conn, next)
}

func pourInto(to, from net.Conn) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if _, werr := to.Write(buffer[:n]); err != nil || werr != nil {
			return
		}
	}
}

type requestCounter struct{ requests chan string }

func (c requestCounter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.requests <- r.Method + " " + r.URL.Path + " " + r.Header.Get("Authorization")
}

func TestGuardPlainHTTP(t *testing.T) {
	refuse := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
	})
	redirect := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://127.0.0.1:1/", http.StatusFound)
	})
	for name, test := range map[string]struct {
		secure http.Handler
		trust  bool
		want   int
	}{
		"refused password": {refuse, true, 0},
		"bad certificate":  {http.HandlerFunc(sayHello), false, 0},
		"redirect":         {redirect, true, 0},
		"plain HTTP only":  {nil, true, 1},
	} {
		plain := requestCounter{make(chan string, 10)}
		address, config, stop := serveBoth(t, test.secure, plain)
		if !test.trust {
			config = &tls.Config{}
		}
		var said warnings
		guard := offeredAt(t, "http://"+address, config).GuardPlainHTTP(&http.Transport{TLSClientConfig: config}, said.warnf)
		req, err := http.NewRequest("GET", "http://"+address+"/v2/image", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth("name", "password")
		resp, err := (&http.Client{Transport: guard}).Do(req)
		if err == nil {
			resp.Body.Close()
		}
		stop()
		if (err == nil) != (test.want == 1) || len(said) != test.want || len(plain.requests) != test.want {
			t.Errorf("%s: %v, said %q, %d requests", name, err, said, len(plain.requests))
		}
		if test.want == 1 {
			if got := <-plain.requests; !strings.HasPrefix(got, "GET /v2/image Basic ") {
				t.Errorf("%s: %s", name, got)
			}
		}
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
