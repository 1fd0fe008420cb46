package registry

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// HTTPSFirst goes along with one round over the endpoints of a registry. Where nothing but
// AcceptInsecureRegistry offers plain HTTP after HTTPS, that is for registries which do not
// answer over HTTPS: one that did answer, be it with a bad certificate or with a refusal, is not
// asked again over plain HTTP, where passwords could be read. Its zero value is ready for use.
type HTTPSFirst struct {
	mu       sync.Mutex
	answered bool
	last     APIEndpoint
	watched  *tls.Config
}

// Skips tells whether endpoint must not be tried. It is asked before each one; lastErr is how
// the one before ended.
func (h *HTTPSFirst) Skips(endpoint APIEndpoint, lastErr error, warnf func(format string, args ...interface{})) bool {
	if lastErr != nil && h.last.AnsweredHTTPS(lastErr) {
		h.note()
	}
	h.last = endpoint
	if endpoint.isUnlisted("https") {
		h.watch(endpoint.TLSConfig)
	}
	if !endpoint.IsPlainByOption() {
		return false
	}
	if h.hasAnswered() {
		warnf("Skipping plain HTTP for %s, which has answered over HTTPS", endpoint.address().Host)
		return true
	}
	endpoint.WarnOfPlainHTTP(warnf)
	return false
}

// watch notes that a server has shown its certificate, whatever became of the request later on:
// that is when crypto/tls asks for the time. Its other hooks are asked only if the certificate
// is good, and not by every Go.
func (h *HTTPSFirst) watch(config *tls.Config) {
	if config == h.watched {
		return
	}
	h.watched = config
	now := config.Time
	if now == nil {
		now = time.Now
	}
	config.Time = func() time.Time {
		h.note()
		return now()
	}
}

func (h *HTTPSFirst) note() {
	h.mu.Lock()
	h.answered = true
	h.mu.Unlock()
}

func (h *HTTPSFirst) hasAnswered() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.answered
}

// AnsweredHTTPS tells whether err, or its absence, shows that this endpoint answered over HTTPS.
// It is false for mirrors and for registries that are listed as insecure, to which plain HTTP
// stays open as ever.
func (e APIEndpoint) AnsweredHTTPS(err error) bool {
	return e.isUnlisted("https") && !HTTPSGaveNoAnswer(err)
}

// IsPlainByOption tells whether this is plain HTTP that nothing but AcceptInsecureRegistry
// offers.
func (e APIEndpoint) IsPlainByOption() bool {
	return e.isUnlisted("http")
}

// WarnOfPlainHTTP says so if AcceptInsecureRegistry has led to this endpoint.
func (e APIEndpoint) WarnOfPlainHTTP(warnf func(format string, args ...interface{})) {
	if e.IsPlainByOption() {
		warnf("Falling back to plain HTTP for %s, which does not answer over HTTPS", e.address().Host)
	}
}

// GuardPlainHTTP returns a transport for this endpoint that first asks the registry over HTTPS,
// without credentials, where only AcceptInsecureRegistry offers plain HTTP.
func (e APIEndpoint) GuardPlainHTTP(base http.RoundTripper, warnf func(format string, args ...interface{})) http.RoundTripper {
	if !e.IsPlainByOption() {
		return base
	}
	return &plainHTTP{base: base, endpoint: e, warnf: warnf}
}

func (e APIEndpoint) isUnlisted(scheme string) bool {
	return !e.Mirror && e.TLSConfig != nil && !e.TLSConfig.InsecureSkipVerify && e.address().Scheme == scheme
}

// address is the endpoint's URL, which some releases of Docker keep as text.
func (e APIEndpoint) address() *url.URL {
	address, err := url.Parse(fmt.Sprint(e.URL))
	if err != nil {
		return &url.URL{}
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
	resp, err := client.Get("https://" + t.endpoint.address().Host + "/v2/")
	if err == nil {
		resp.Body.Close()
	}
	if t.answered = !HTTPSGaveNoAnswer(err); !t.answered {
		t.endpoint.WarnOfPlainHTTP(t.warnf)
	}
}
