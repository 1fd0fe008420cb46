package registry

import (
	"net/http"
	"net/url"
	"sync/atomic"
)

// httpsWatch passes requests on and notes whether one of them was answered over HTTPS.
//
// The ping of a V1 endpoint words its own errors, and follows redirects: what became of the
// connection can only be seen here.
type httpsWatch struct {
	next http.RoundTripper
	// Counts, for atomic access: requests over HTTPS, and those of them that were answered.
	asked, answered int32
}

// watchHTTPS lets client offer plain HTTP for host where accept says so: see mayUseHTTP.
//
// The option is the last parameter of the functions that make an endpoint, and may be left out.
func watchHTTPS(client *http.Client, host string, accept ...bool) {
	if len(accept) == 0 || !accept[0] || IsDockerHub(host) {
		return
	}
	next := http.DefaultTransport
	if client.Transport != nil {
		next = client.Transport
	}
	client.Transport = &httpsWatch{next: next}
}

// mayUseHTTP tells whether plain HTTP is accepted for the client, once HTTPS has failed: only
// where nobody answered. A certificate that is not trusted is an answer, and so is any status.
func mayUseHTTP(client *http.Client) bool {
	watch, ok := client.Transport.(*httpsWatch)
	return ok && atomic.LoadInt32(&watch.asked) > 0 && atomic.LoadInt32(&watch.answered) == 0
}

// RoundTrip implements http.RoundTripper.
func (w *httpsWatch) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.next.RoundTrip(req)
	if req.URL.Scheme == "https" {
		atomic.AddInt32(&w.asked, 1)
		if err == nil || !HTTPSGaveNoAnswer(&url.Error{Op: "Get", URL: req.URL.String(), Err: err}) {
			atomic.AddInt32(&w.answered, 1)
		}
	}
	return resp, err
}
