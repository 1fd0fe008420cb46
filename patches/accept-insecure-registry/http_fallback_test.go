package daemon

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/ioutil"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"testing"
	"time"
)

var errUnanswered = errors.New("connection refused")

// registryOverHTTP is a transport that notes what it is asked. Over HTTPS it fails with err, or
// answers if there is none; over plain HTTP it always answers.
type registryOverHTTP struct {
	err   error
	asked []string
	body  string
}

func (r *registryOverHTTP) RoundTrip(req *http.Request) (*http.Response, error) {
	asked := req.Method + " " + req.URL.String()
	if req.Header.Get("Authorization") != "" {
		asked += " with a password"
	}
	r.asked = append(r.asked, asked)
	if req.Body != nil {
		data, _ := ioutil.ReadAll(req.Body)
		r.body = string(data)
		req.Body.Close()
	}
	if req.URL.Scheme == "https" && r.err != nil {
		return nil, r.err
	}
	header := http.Header{"Location": {req.URL.Scheme + "://" + req.URL.Host + "/v2/uploads/1?a=b"}}
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
	req.Header.Set("Authorization", "Basic c2VjcmV0")
	resp, err := f.RoundTrip(req)
	if err == nil && resp.Request != req {
		t.Errorf("%s %s: the response is that of another request", method, address)
	}
	if req.URL.String() != address {
		t.Errorf("the request was changed to %s", req.URL)
	}
	return resp, err
}

func wantAsked(t *testing.T, r *registryOverHTTP, want ...string) {
	if got := strings.Join(r.asked, ", "); got != strings.Join(want, ", ") {
		t.Errorf("asked %s; want %s", got, strings.Join(want, ", "))
	}
}

const (
	manifestOverHTTPS = "https://registry.example/v2/a/manifests/b"
	manifestOverHTTP  = "http://registry.example/v2/a/manifests/b"
)

func TestHTTPFallback(t *testing.T) {
	next := &registryOverHTTP{err: errUnanswered}
	f := fallbackTo(next)
	warnings := 0
	f.warnf = func(string, ...interface{}) { warnings++ }
	resp, err := askRegistry(t, f, "GET", manifestOverHTTPS, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Location"); got != "https://registry.example/v2/uploads/1?a=b" {
		t.Errorf("sends to %s", got)
	}
	// What is known is not tried again and again, until some time has passed.
	if _, err := askRegistry(t, f, "GET", manifestOverHTTPS, nil); err != nil {
		t.Fatal(err)
	}
	f.plainAt = f.plainAt.Add(-httpFallbackFor)
	if _, err := askRegistry(t, f, "GET", manifestOverHTTPS, nil); err != nil {
		t.Fatal(err)
	}
	wantAsked(t, next,
		"GET "+manifestOverHTTPS+" with a password", "GET "+manifestOverHTTP+" with a password",
		"GET "+manifestOverHTTP+" with a password",
		"GET "+manifestOverHTTPS+" with a password", "GET "+manifestOverHTTP+" with a password")
	if warnings != 2 {
		t.Errorf("%d warnings, want 2", warnings)
	}
}

func TestHTTPFallbackLeavesAlone(t *testing.T) {
	refused := &url.Error{Op: "Get", URL: manifestOverHTTPS, Err: errors.New("x509: unknown authority")}
	for name, test := range map[string]struct {
		address  string
		err      error
		accepted bool
	}{
		"an answer":             {manifestOverHTTPS, nil, true},
		"a bad certificate":     {manifestOverHTTPS, refused, true},
		"without the option":    {manifestOverHTTPS, errUnanswered, false},
		"another host":          {"https://elsewhere.example/v2/", errUnanswered, true},
		"another port":          {"https://registry.example:5000/v2/", errUnanswered, true},
		"plain HTTP from start": {manifestOverHTTP, errUnanswered, true},
	} {
		next := &registryOverHTTP{err: test.err}
		f := fallbackTo(next)
		f.accepted = func() bool { return test.accepted }
		askRegistry(t, f, "GET", test.address, nil)
		if len(next.asked) != 1 || next.asked[0] != "GET "+test.address+" with a password" {
			t.Errorf("%s: asked %s", name, strings.Join(next.asked, ", "))
		}
	}
}

func TestHTTPFallbackNeverForDockerHub(t *testing.T) {
	for _, hub := range []string{"docker.io", "index.docker.io", "registry-1.docker.io", "Registry-1.Docker.IO.:443"} {
		next := &registryOverHTTP{err: errUnanswered}
		f := fallbackTo(next)
		f.host = hub
		address := url.URL{Scheme: "https", Host: hub, Path: "/v2/"}
		if _, err := f.RoundTrip(&http.Request{Method: "GET", URL: &address, Header: http.Header{}}); err != errUnanswered {
			t.Errorf("%s: %v", hub, err)
		}
		wantAsked(t, next, "GET "+address.String())
	}
}

func TestHTTPFallbackNotOnceHTTPSWasAnswered(t *testing.T) {
	for _, first := range []error{nil, errors.New("x509: unknown authority")} {
		next := &registryOverHTTP{err: first}
		f := fallbackTo(tracedRegistry{next})
		askRegistry(t, f, "GET", manifestOverHTTPS, nil)
		next.err = errUnanswered
		if _, err := askRegistry(t, f, "GET", manifestOverHTTPS, nil); err != errUnanswered {
			t.Errorf("after %v: %v", first, err)
		}
		wantAsked(t, next, "GET "+manifestOverHTTPS+" with a password", "GET "+manifestOverHTTPS+" with a password")
	}
}

// tracedRegistry tells of a connection, as http.Transport does, before a request is answered.
type tracedRegistry struct{ next *registryOverHTTP }

func (tr tracedRegistry) RoundTrip(req *http.Request) (*http.Response, error) {
	if tr.next.err == nil && req.URL.Scheme == "https" {
		httptrace.ContextClientTrace(req.Context()).GotConn(httptrace.GotConnInfo{})
	}
	return tr.next.RoundTrip(req)
}

func TestHTTPFallbackNotAfterTheHandshake(t *testing.T) {
	next := &registryOverHTTP{err: errUnanswered}
	f := fallbackTo(lateRegistry{next})
	if _, err := askRegistry(t, f, "GET", manifestOverHTTPS, nil); err != errUnanswered {
		t.Error(err)
	}
	wantAsked(t, next, "GET "+manifestOverHTTPS+" with a password")
}

// lateRegistry fails only when a connection is there.
type lateRegistry struct{ next *registryOverHTTP }

func (l lateRegistry) RoundTrip(req *http.Request) (*http.Response, error) {
	httptrace.ContextClientTrace(req.Context()).GotConn(httptrace.GotConnInfo{})
	return l.next.RoundTrip(req)
}

func TestHTTPFallbackFollowsTheOption(t *testing.T) {
	next := &registryOverHTTP{err: errUnanswered}
	f := fallbackTo(next)
	accepted := false
	f.accepted = func() bool { return accepted }
	for _, accepted = range []bool{false, true, false} {
		_, err := askRegistry(t, f, "GET", manifestOverHTTPS, nil)
		if (err == nil) != accepted {
			t.Errorf("accepted %v: %v", accepted, err)
		}
	}
}

func TestHTTPFallbackOfBodies(t *testing.T) {
	next := &registryOverHTTP{err: errUnanswered}
	f := fallbackTo(next)
	if _, err := askRegistry(t, f, "PUT", manifestOverHTTPS, strings.NewReader("again")); err != nil || next.body != "again" {
		t.Errorf("a body that can be read again: %v, %q", err, next.body)
	}
	once := io.MultiReader(bytes.NewBufferString("once"))
	if _, err := askRegistry(t, f, "PUT", manifestOverHTTPS, once); err != errUnanswered {
		t.Errorf("a body that cannot: %v", err)
	}
	if _, err := askRegistry(t, f, "HEAD", manifestOverHTTPS, nil); err != nil {
		t.Fatal(err)
	}
	f.plainAt = f.plainAt.Add(-10 * httpFallbackFor)
	once = io.MultiReader(bytes.NewBufferString("once"))
	if _, err := askRegistry(t, f, "PUT", manifestOverHTTPS, once); err != nil || next.body != "once" {
		t.Errorf("a body where the way is known: %v, %q", err, next.body)
	}
}

func TestHTTPFallbackNotForWhoGaveUp(t *testing.T) {
	next := &registryOverHTTP{err: errUnanswered}
	f := fallbackTo(next)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	req, err := http.NewRequest("GET", manifestOverHTTPS, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.RoundTrip(req.WithContext(ctx)); err != errUnanswered {
		t.Error(err)
	}
	wantAsked(t, next, "GET "+manifestOverHTTPS)
	if f.hasAnswered() {
		t.Error("that is no answer")
	}
}

func TestHTTPFallbackOverAClient(t *testing.T) {
	next := &registryOverHTTP{err: errUnanswered}
	shared := &http.Client{Transport: next, Timeout: time.Minute}
	client := fallbackTo(nil).over(shared)
	if shared.Transport != next || client.Timeout != shared.Timeout {
		t.Error("the client is no copy, or the shared one was changed")
	}
	resp, err := client.Get(manifestOverHTTPS)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	wantAsked(t, next, "GET "+manifestOverHTTPS, "GET "+manifestOverHTTP)
}

// fallenBack is a transport that has a fallback of its own, as a listed registry has: the answer
// tells that it came over plain HTTP.
type fallenBack struct{ next *registryOverHTTP }

func (t fallenBack) RoundTrip(req *http.Request) (*http.Response, error) {
	address := *req.URL
	address.Scheme = "http"
	plain := *req
	plain.URL = &address
	return t.next.RoundTrip(&plain)
}

func TestHTTPFallbackOverAnotherFallback(t *testing.T) {
	for _, accepted := range []bool{false, true} {
		f := fallbackTo(fallenBack{&registryOverHTTP{}})
		f.accepted = func() bool { return accepted }
		req, err := http.NewRequest("GET", manifestOverHTTPS, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := f.RoundTrip(req)
		if err != nil || resp.Request.URL.Scheme != "http" {
			t.Errorf("accepted %v: the way that the answer took is lost (%v)", accepted, err)
		}
	}
}
