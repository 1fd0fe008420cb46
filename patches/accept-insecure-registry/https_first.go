package registry

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"
)

// HTTPSFirst goes along with one round over the endpoints of a registry. Where nothing but
// AcceptInsecureRegistry offers plain HTTP after HTTPS, that is for registries which do not
// answer over HTTPS: one that did answer, be it with a bad certificate or with a refusal, is not
// asked again over plain HTTP, where passwords could be read. Its zero value is ready for use.
type HTTPSFirst struct {
	mu      sync.Mutex
	tried   map[string]error
	shown   map[string]bool // hosts that have shown a certificate
	last    APIEndpoint
	watched *tls.Config
}

// Skips tells whether endpoint must not be tried. It is asked before each one; lastErr is how
// the one before ended.
func (h *HTTPSFirst) Skips(endpoint APIEndpoint, lastErr error, warnf func(format string, args ...interface{})) bool {
	if h.tried == nil {
		h.tried = map[string]error{}
	}
	if lastErr != nil {
		h.last.NoteHTTPS(h.tried, lastErr)
	}
	h.last = endpoint
	if endpoint.isUnlisted() {
		h.watch(endpoint.TLSConfig, endpoint.address().Host)
	}
	if host := endpoint.address().Host; endpoint.byOption && h.hasShown(host) {
		h.tried[host] = nil
	}
	return endpoint.SkipsPlainHTTP(h.tried, warnf)
}

// GoesOn tells whether the round goes on where Docker itself gives up, because nobody has
// answered the last endpoint in time: to one of endpoints that nothing but
// AcceptInsecureRegistry offers, while the caller, whose context is ctx, still waits.
func (h *HTTPSFirst) GoesOn(ctx interface{ Err() error }, endpoints []APIEndpoint, err error) bool {
	host := h.last.address().Host
	if ctx.Err() != nil || !h.last.isUnlisted() || h.hasShown(host) || !unanswered(err, nil) {
		return false
	}
	for _, endpoint := range endpoints {
		if endpoint.byOption && endpoint.address().Host == host {
			return true
		}
	}
	return false
}

// watch notes that a server has shown its certificate, whatever became of the request later on:
// that is when crypto/tls asks for the time. Its other hooks are asked only if the certificate
// is good, and not by every Go.
func (h *HTTPSFirst) watch(config *tls.Config, host string) {
	if config == h.watched {
		return
	}
	h.watched = config
	now := config.Time
	if now == nil {
		now = time.Now
	}
	config.Time = func() time.Time {
		h.mu.Lock()
		if h.shown == nil {
			h.shown = map[string]bool{}
		}
		h.shown[host] = true
		h.mu.Unlock()
		return now()
	}
}

func (h *HTTPSFirst) hasShown(host string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.shown[host]
}

// NoteHTTPS notes in tried how this endpoint ended, if that is the one over HTTPS: for its host,
// unless that has answered before. An error of another host, which the registry has named, is an
// answer, too.
func (e APIEndpoint) NoteHTTPS(tried map[string]error, err error) {
	if !e.isUnlisted() {
		return
	}
	host := e.address().Host
	if last, known := tried[host]; known && !unanswered(last, nil) {
		return
	}
	if address, parseErr := url.Parse(failedAddress(err)); parseErr == nil && address.Host != "" && address.Host != host {
		err = nil
	}
	tried[host] = err
}

// failedRequest is how net/http words the error of a request, where nothing but the text is left.
var failedRequest = regexp.MustCompile(`^[A-Z][A-Za-z]* "?(https?://[^\s"]+?)"?: `)

// failedAddress is the address of the request that err tells of, however it is wrapped, or "".
func failedAddress(err error) string {
	for {
		switch e := err.(type) {
		case *url.Error:
			return e.URL
		case interface {
			Unwrap() error
		}:
			err = e.Unwrap()
		case interface {
			Cause() error
		}:
			err = e.Cause()
		default:
			return append(failedRequest.FindStringSubmatch(fmt.Sprint(err)), "", "")[1]
		}
	}
}

// SkipsPlainHTTP tells whether this endpoint must not be tried: nothing but AcceptInsecureRegistry
// offers it, and tried says that its host has answered over HTTPS. What is done is said.
func (e APIEndpoint) SkipsPlainHTTP(tried map[string]error, warnf func(format string, args ...interface{})) bool {
	if !e.byOption {
		return false
	}
	host := e.address().Host
	err, known := tried[host]
	if known && !HTTPSGaveNoAnswer(err) {
		warnf("Skipping plain HTTP for %s, which has answered over HTTPS", host)
		return true
	}
	warnf("Falling back to plain HTTP for %s, which does not answer over HTTPS%s", host, WhyNoAnswer(err))
	return false
}

// GuardPlainHTTP returns a transport for this endpoint that first asks the registry over HTTPS,
// without credentials, where only AcceptInsecureRegistry offers plain HTTP.
func (e APIEndpoint) GuardPlainHTTP(base http.RoundTripper, warnf func(format string, args ...interface{})) http.RoundTripper {
	if !e.byOption {
		return base
	}
	return &plainHTTP{base: base, endpoint: e, warnf: warnf}
}

// isUnlisted tells whether this is a registry over HTTPS whose certificate is checked: no mirror,
// and none that is listed as insecure.
func (e APIEndpoint) isUnlisted() bool {
	return !e.Mirror && e.TLSConfig != nil && !e.TLSConfig.InsecureSkipVerify && e.address().Scheme == "https"
}

// address is the endpoint's URL, which some releases of Docker keep as text.
func (e APIEndpoint) address() *url.URL {
	address := &url.URL{}
	if parsed, err := url.Parse(fmt.Sprint(e.URL)); err == nil {
		address = parsed
	}
	return address
}

type plainHTTP struct {
	base     http.RoundTripper
	endpoint APIEndpoint
	warnf    func(format string, args ...interface{})
	once     sync.Once
	answered bool
}

// RoundTrip sends a request, unless it is for a registry that answers over HTTPS.
func (t *plainHTTP) RoundTrip(req *http.Request) (*http.Response, error) {
	host := t.endpoint.address().Host
	if req.URL.Scheme == "http" && req.URL.Host == host {
		t.once.Do(t.ask)
		if t.answered {
			if req.Body != nil {
				req.Body.Close()
			}
			return nil, fmt.Errorf("plain HTTP is not tried for %s, which answers over HTTPS", host)
		}
	}
	return t.base.RoundTrip(req)
}

func (t *plainHTTP) ask() {
	client := &http.Client{
		Transport: t.base,
		Timeout:   15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("a redirect is an answer")
		},
	}
	host := t.endpoint.address().Host
	resp, err := client.Get("https://" + host + "/v2/")
	if err == nil {
		resp.Body.Close()
	}
	if t.answered = !HTTPSGaveNoAnswer(err); !t.answered {
		t.endpoint.SkipsPlainHTTP(map[string]error{host: err}, t.warnf)
	}
}
