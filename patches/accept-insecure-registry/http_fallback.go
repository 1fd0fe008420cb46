package daemon

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"
)

// httpFallbackFor is for how long plain HTTP is used before HTTPS is tried again.
const httpFallbackFor = time.Minute

// httpFallback sends what is meant for one registry over HTTPS, and over plain HTTP only where
// nobody answers over HTTPS and the daemon accepts insecure registries. To whoever uses it, the
// registry's addresses begin with https:// all along.
//
// Docker Hub, other hosts (to which a registry may redirect) and a registry that has once
// answered over HTTPS are never sent plain HTTP, nor is a body that cannot be read again.
type httpFallback struct {
	next     http.RoundTripper  // http.DefaultTransport if nil
	host     string             // as it stands in the registry's URLs
	accepted func() bool        // asked at each request: a reload may have changed it
	noAnswer func(error) bool   // whether an error over HTTPS is that of an unanswered request
	why      func(error) string // what to say of it besides
	warnf    func(format string, args ...interface{})

	mu       sync.Mutex
	answered bool      // over HTTPS, at least once
	plainAt  time.Time // when HTTPS was last unanswered while plain HTTP was answered
}

// over returns a client that is like the given one but for the fallback. The given one, which
// others may use, stays as it is.
func (f *httpFallback) over(client *http.Client) *http.Client {
	var copied http.Client
	if client != nil {
		copied = *client
	}
	f.next = copied.Transport
	copied.Transport = f
	return &copied
}

// RoundTrip implements http.RoundTripper.
func (f *httpFallback) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" || req.URL.Host != f.host || registry.IsDockerHub(f.host) || !f.accepted() {
		return f.send(req)
	}
	if f.knowsPlain(req) {
		return f.sendPlain(req, req.Body)
	}
	resp, err := f.send(f.traced(req))
	if err == nil {
		f.noteAnswer()
		// A listed registry's own fallback lies below: what it says of its way must stay.
		if resp.Request == nil || resp.Request.URL.Scheme == req.URL.Scheme {
			resp.Request = req
		}
		return resp, nil
	}
	if req.Context().Err() != nil {
		return nil, err
	}
	// As a client words it: the error of a proxy is known by that.
	failed := &url.Error{Op: "Get", URL: req.URL.String(), Err: err}
	if !f.noAnswer(failed) {
		f.noteAnswer()
		return nil, err
	}
	if f.hasAnswered() || !f.accepted() {
		return nil, err
	}
	body, again := bodyAgain(req)
	if !again {
		return nil, err
	}
	f.warnf("Falling back to plain HTTP for %s, which does not answer over HTTPS%s", f.host, f.why(failed))
	plain, plainErr := f.sendPlain(req, body)
	if plainErr == nil && body == nil {
		f.notePlain()
	}
	return plain, plainErr
}

func (f *httpFallback) send(req *http.Request) (*http.Response, error) {
	if f.next == nil {
		return http.DefaultTransport.RoundTrip(req)
	}
	return f.next.RoundTrip(req)
}

// traced returns the request, which will note a connection that speaks TLS: whatever goes wrong
// after that, somebody has answered.
func (f *httpFallback) traced(req *http.Request) *http.Request {
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { f.noteAnswer() }}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
}

func (f *httpFallback) sendPlain(req *http.Request, body io.ReadCloser) (*http.Response, error) {
	address := *req.URL
	address.Scheme = "http"
	plain := *req
	plain.URL = &address
	plain.Body = body
	resp, err := f.send(&plain)
	if err != nil {
		return nil, err
	}
	// The registry tells its own address as it was asked. Whoever goes on from there would take it
	// for another one and leave out the credentials.
	if location, err := url.Parse(resp.Header.Get("Location")); err == nil && location.Scheme == "http" && location.Host == f.host {
		location.Scheme = "https"
		resp.Header.Set("Location", location.String())
	}
	resp.Request = req
	return resp, nil
}

// knowsPlain tells whether HTTPS need not be tried first. A body follows the way that was found
// without one, however long ago: it may not be readable twice.
func (f *httpFallback) knowsPlain(req *http.Request) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.answered || f.plainAt.IsZero() {
		return false
	}
	return hasBody(req) || time.Since(f.plainAt) < httpFallbackFor
}

func (f *httpFallback) hasAnswered() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.answered
}

func (f *httpFallback) noteAnswer() {
	f.mu.Lock()
	f.answered = true
	f.mu.Unlock()
}

func (f *httpFallback) notePlain() {
	f.mu.Lock()
	f.plainAt = time.Now()
	f.mu.Unlock()
}

func hasBody(req *http.Request) bool {
	return req.Body != nil && req.Body != http.NoBody
}

// bodyAgain returns a request's body from its beginning, and whether that can be had.
func bodyAgain(req *http.Request) (io.ReadCloser, bool) {
	if !hasBody(req) {
		return nil, true
	}
	if req.GetBody == nil {
		return nil, false
	}
	body, err := req.GetBody()
	return body, err == nil
}
