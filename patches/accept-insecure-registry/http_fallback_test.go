package daemon

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"testing"
	"time"
)

var (
	errUnanswered = errors.New("connection refused")
	errBadCert    = errors.New("x509: unknown authority")
)

// registryOverHTTP is a transport that notes what it is asked. Over HTTPS it fails with err, or
// answers if there is none; over plain HTTP it always answers.
type registryOverHTTP struct {
	err       error
	connects  bool // and tells of a connection first, as http.Transport does
	goesPlain bool // it has a fallback of its own, as a listed registry has: the answer tells so
	asked     []string
	body      bytes.Buffer
}

func (r *registryOverHTTP) RoundTrip(req *http.Request) (*http.Response, error) {
	r.asked = append(r.asked, req.Method+" "+req.URL.String()+strings.Replace(req.Header.Get("Authorization"), "Basic", " with", 1))
	r.body.Reset()
	if req.Body != nil {
		r.body.ReadFrom(req.Body)
		req.Body.Close()
	}
	if req.URL.Scheme == "https" && r.connects {
		httptrace.ContextClientTrace(req.Context()).GotConn(httptrace.GotConnInfo{})
	}
	if req.URL.Scheme == "https" && r.err != nil {
		return nil, r.err
	}
	header := http.Header{"Location": {req.URL.Scheme + "://" + req.URL.Host + "/v2/uploads/1?a=b"}}
	answered := *req
	if r.goesPlain {
		answered.URL = &url.URL{Scheme: "http", Host: req.URL.Host}
		req = &answered
	}
	return &http.Response{StatusCode: http.StatusAccepted, Header: header, Body: http.NoBody, Request: req}, nil
}

// fallbackTo returns the transport under test for registry.example, over the one that notes.
func fallbackTo(next http.RoundTripper) *httpFallback {
	return &httpFallback{
		next:     next,
		host:     "registry.example",
		accepted: func() bool { return true },
		noAnswer: func(err error) bool { return err.(*url.Error).Err == errUnanswered },
		why:      func(error) string { return "" },
		warnf:    func(string, ...interface{}) {},
	}
}

func askRegistry(t *testing.T, f http.RoundTripper, method, address string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequest(method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Basic a password")
	resp, err := f.RoundTrip(req)
	if err == nil && resp.Request != req {
		t.Errorf("%s %s: the response is that of another request", method, address)
	}
	if req.URL.String() != address {
		t.Errorf("the request was changed to %s", req.URL)
	}
	return resp, err
}

func wantAsked(t *testing.T, what string, r *registryOverHTTP, want ...string) {
	if got := strings.Join(r.asked, ", "); got != strings.Join(want, ", ") {
		t.Errorf("%s: asked %s; want %s", what, got, strings.Join(want, ", "))
	}
}

const (
	overHTTPS = "https://registry.example/v2/a/manifests/b"
	overHTTP  = "http://registry.example/v2/a/manifests/b"
	asksHTTPS = "GET " + overHTTPS + " with a password"
	asksHTTP  = "GET " + overHTTP + " with a password"
)

func TestHTTPFallback(t *testing.T) {
	next := &registryOverHTTP{err: errUnanswered}
	f := fallbackTo(next)
	warnings := 0
	f.warnf = func(string, ...interface{}) { warnings++ }
	// What is known is not tried again and again, until some time has passed.
	for _, passes := range []time.Duration{0, httpFallbackFor, 0} {
		resp, err := askRegistry(t, f, "GET", overHTTPS, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := resp.Header.Get("Location"); got != "https://registry.example/v2/uploads/1?a=b" {
			t.Errorf("sends to %s", got)
		}
		f.plainAt = f.plainAt.Add(-passes)
	}
	wantAsked(t, "three times", next, asksHTTPS, asksHTTP, asksHTTP, asksHTTPS, asksHTTP)
	if warnings != 2 {
		t.Errorf("%d warnings, want 2", warnings)
	}
}

func TestHTTPFallbackLeavesAlone(t *testing.T) {
	for _, test := range []struct {
		what, host, address string
		err                 error
		accepted            bool
	}{
		{"an answer", "registry.example", overHTTPS, nil, true},
		{"a bad certificate", "registry.example", overHTTPS, errBadCert, true},
		{"without the option", "registry.example", overHTTPS, errUnanswered, false},
		{"another host", "registry.example", "https://elsewhere.example/v2/", errUnanswered, true},
		{"another port", "registry.example", "https://registry.example:5000/v2/", errUnanswered, true},
		{"plain HTTP from start", "registry.example", overHTTP, errUnanswered, true},
		{"Docker Hub", "docker.io", "https://docker.io/v2/", errUnanswered, true},
		{"Docker Hub's index", "index.docker.io", "https://index.docker.io/v2/", errUnanswered, true},
		{"Docker Hub's registry", "Registry-1.Docker.IO.:443", "https://Registry-1.Docker.IO.:443/v2/", errUnanswered, true},
	} {
		next := &registryOverHTTP{err: test.err}
		f := fallbackTo(next)
		f.host, f.accepted = test.host, func() bool { return test.accepted }
		askRegistry(t, f, "GET", test.address, nil)
		wantAsked(t, test.what, next, "GET "+test.address+" with a password")
	}
}

func TestHTTPFallbackNotOnceHTTPSWasAnswered(t *testing.T) {
	for what, next := range map[string]*registryOverHTTP{
		"an answer":          {connects: true},
		"a bad certificate":  {err: errBadCert},
		"silence afterwards": {err: errUnanswered, connects: true},
	} {
		f := fallbackTo(next)
		askRegistry(t, f, "GET", overHTTPS, nil)
		next.err, next.connects = errUnanswered, false
		if _, err := askRegistry(t, f, "GET", overHTTPS, nil); err != errUnanswered {
			t.Errorf("after %s: %v", what, err)
		}
		wantAsked(t, what, next, asksHTTPS, asksHTTPS)
	}
}

func TestHTTPFallbackFollowsTheOption(t *testing.T) {
	f := fallbackTo(&registryOverHTTP{err: errUnanswered})
	accepted := false
	f.accepted = func() bool { return accepted }
	for _, accepted = range []bool{false, true, false} {
		if _, err := askRegistry(t, f, "GET", overHTTPS, nil); (err == nil) != accepted {
			t.Errorf("accepted %v: %v", accepted, err)
		}
	}
}

func TestHTTPFallbackOfBodies(t *testing.T) {
	next := &registryOverHTTP{err: errUnanswered}
	f := fallbackTo(next)
	put := func(what, body string, again bool, want error) {
		reader := io.Reader(strings.NewReader(body))
		if !again {
			reader = io.MultiReader(reader)
		}
		if _, err := askRegistry(t, f, "PUT", overHTTPS, reader); err != want || err == nil && next.body.String() != body {
			t.Errorf("%s: %v, %q", what, err, next.body.String())
		}
	}
	put("a body that can be read again", "again", true, nil)
	put("a body that cannot", "once", false, errUnanswered)
	if _, err := askRegistry(t, f, "HEAD", overHTTPS, nil); err != nil {
		t.Fatal(err)
	}
	f.plainAt = f.plainAt.Add(-10 * httpFallbackFor)
	put("a body where the way is known", "once", false, nil)
}

func TestHTTPFallbackNotForWhoGaveUp(t *testing.T) {
	next := &registryOverHTTP{err: errUnanswered}
	f := fallbackTo(next)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	req := (&http.Request{Method: "GET", URL: &url.URL{Scheme: "https", Host: f.host}}).WithContext(ctx)
	if _, err := f.RoundTrip(req); err != errUnanswered || f.hasAnswered() || len(next.asked) != 1 {
		t.Errorf("%v, answered: %v, asked %q", err, f.hasAnswered(), next.asked)
	}
}

func TestHTTPFallbackOverAClient(t *testing.T) {
	next := &registryOverHTTP{err: errUnanswered}
	shared := &http.Client{Transport: next, Timeout: time.Minute}
	f, accepted := fallbackTo(nil), true
	f.accepted = func() bool { return accepted }
	client := f.over(shared)
	if shared.Transport != next || client.Timeout != shared.Timeout {
		t.Error("the client is no copy, or the shared one was changed")
	}
	resp, err := client.Get(overHTTPS)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	wantAsked(t, "a client", next, "GET "+overHTTPS, "GET "+overHTTP)
	accepted = false
	if _, err := client.Get(overHTTPS); err == nil {
		t.Error("the option was turned off, and plain HTTP goes on")
	}
}

func TestHTTPFallbackOverAClientWithoutATransport(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	f := fallbackTo(nil)
	f.host = server.Listener.Addr().String()
	f.noAnswer = func(error) bool { return true }
	client := f.over(nil)
	resp, err := client.Get("https://" + f.host + "/v2/")
	if err != nil || resp.StatusCode != http.StatusNotFound {
		t.Fatalf("%v, %v", resp, err)
	}
	resp.Body.Close()
	server.Close()
	if _, err := client.Get("https://" + f.host + "/v2/"); err == nil {
		t.Error("nobody is there, and somebody has answered")
	}
}

func TestHTTPFallbackOverAnotherFallback(t *testing.T) {
	for _, accepted := range []bool{false, true} {
		f := fallbackTo(&registryOverHTTP{goesPlain: true})
		f.accepted = func() bool { return accepted }
		req := &http.Request{URL: &url.URL{Scheme: "https", Host: "registry.example"}, Header: http.Header{}}
		if resp, err := f.RoundTrip(req); err != nil || resp.Request.URL.Scheme != "http" {
			t.Errorf("accepted %v: the way that the answer took is lost (%v)", accepted, err)
		}
	}
}
