package registry

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// noAnswer is how an error reads that came before anybody spoke TLS at the other end. What
// comes after the address alone counts: further on, a text may cite what a stranger has said.
var noAnswer = regexp.MustCompile(`^(?:[A-Z][A-Za-z]* "?https://[^\s"]+"?: )?(?:` +
	`dial (?:tcp|udp)[46]?[: ]|` +
	`(?:read|write) tcp \S+: i/o timeout|` +
	`net/http: (?:TLS handshake timeout|timeout awaiting response headers|request canceled)|` +
	`context deadline exceeded|` +
	`http: server gave HTTP response to HTTPS client|` +
	// Go before 1.6, whose error has no type; the length is the "P/" of HTTP/1.1.
	`tls: oversized record received with length 20527)`)

// overHTTPS is how the error of a request over HTTPS reads: whom it was for, and what went wrong.
// Where a proxy has refused to connect, net/http leaves nothing but the text of the proxy's status.
var overHTTPS = regexp.MustCompile(`^[A-Z][A-Za-z]* "?https://([^\s"/]+)[^\s"]*"?: ?(.*)$`)

// statusText is what most proxies say; ofGo is how Go's own words begin, which no proxy has said.
var (
	statusText = regexp.MustCompile(`^(?:` + statusTexts() + `)$`)
	ofGo       = regexp.MustCompile(`^(?:dial|read|write|proxyconnect|socks connect|x509|tls|crypto/\w+|http2?|net/http|` +
		`remote error|local error|context|operation was canceled|EOF|unexpected EOF)(?:[: ]|$)`)
)

// proxyOf is the proxy of a request, as for Docker's own.
var proxyOf = http.ProxyFromEnvironment

func statusTexts() string {
	var texts []string
	for code := 400; code < 600; code++ {
		if text := http.StatusText(code); text != "" {
			texts = append(texts, regexp.QuoteMeta(text))
		}
	}
	return strings.Join(texts, "|")
}

// HTTPSGaveNoAnswer tells whether the error of a request over HTTPS shows that nobody answered
// it: the connection was refused, by a proxy too, or timed out, the host was not reached or has no
// address, or plain HTTP came back. Whatever else went wrong is an answer, above all a certificate
// that is not accepted, and so is no error at all.
func HTTPSGaveNoAnswer(err error) bool {
	return unanswered(err, refusesToConnect)
}

// unanswered is HTTPSGaveNoAnswer; refuses tells of a host whether a proxy refuses to connect to it.
// It is nil where no proxy may be asked, as the option may be off.
func unanswered(err error, refuses func(host string) bool) bool {
	for err != nil {
		switch e := err.(type) {
		case *url.Error:
			if isProxys(e.Error(), refuses) {
				return true
			}
			err = e.Err
		case *net.OpError:
			if e.Op == "dial" {
				// The last one: it is the caller who hung up.
				return e.Err == nil || e.Err.Error() != "operation was canceled"
			}
			if e.Op == "socks connect" {
				return true // as of a proxy that refuses
			}
			return e.Op != "proxyconnect" && e.Timeout()
		case interface {
			Unwrap() error
		}:
			err = e.Unwrap()
		case interface {
			Cause() error
		}:
			err = e.Cause()
		default:
			return timedOut(err) || isPlainHTTP(err) || readsLikeNoAnswer(err.Error(), refuses)
		}
	}
	return false
}

func timedOut(err error) bool {
	timeout, ok := err.(interface {
		Timeout() bool
	})
	return ok && timeout.Timeout()
}

// isPlainHTTP knows tls.RecordHeaderError by its shape: the Go of old releases has no such type.
func isPlainHTTP(err error) bool {
	value := reflect.ValueOf(err)
	if value.Kind() != reflect.Struct {
		return false
	}
	header := value.FieldByName("RecordHeader")
	if !header.IsValid() || header.Kind() != reflect.Array || header.Len() != len("HTTP/") {
		return false
	}
	for i := range "HTTP/" {
		if b := header.Index(i); b.Kind() != reflect.Uint8 || byte(b.Uint()) != "HTTP/"[i] {
			return false
		}
	}
	return true
}

// readsLikeNoAnswer judges errors of which only the text is left. A ping of Docker's own puts
// the texts of two attempts into one, and then both have to agree.
func readsLikeNoAnswer(text string, refuses func(host string) bool) bool {
	attempts := strings.Split(text, "ping attempt failed with error: ")
	if len(attempts) > 1 {
		attempts = attempts[1:]
	}
	for _, attempt := range attempts {
		attempt = strings.TrimSpace(strings.TrimSuffix(attempt, "\n v1 "))
		if !noAnswer.MatchString(attempt) && !isProxys(attempt, refuses) {
			return false
		}
	}
	return true
}

// isProxys tells whether an error reads as a proxy's that has refused to connect. One that says so in
// words of its own is asked once more: a text alone could be anybody's.
func isProxys(text string, refuses func(host string) bool) bool {
	found := overHTTPS.FindStringSubmatch(text)
	if found == nil {
		return false
	}
	return statusText.MatchString(found[2]) || !ofGo.MatchString(found[2]) && refuses != nil && refuses(found[1])
}

// refusesToConnect tells whether a proxy stands before a registry, and refuses to connect to it.
// Nothing is sent to the registry: what matters is whether it comes to a handshake.
func refusesToConnect(host string) bool {
	if !hasProxy(host) {
		return false
	}
	var first handshake
	client := &http.Client{
		Transport: &http.Transport{
			Proxy:             proxyOf,
			TLSClientConfig:   &tls.Config{Rand: &first},
			DisableKeepAlives: true,
		},
		Timeout: 15 * time.Second,
	}
	_, err := client.Head("https://" + host + "/v2/")
	if err == nil || atomic.LoadInt32(&first.begun) != 0 {
		return false
	}
	found := overHTTPS.FindStringSubmatch(err.Error())
	return found != nil && !ofGo.MatchString(found[2])
}

func hasProxy(host string) bool {
	proxy, err := proxyOf(&http.Request{URL: &url.URL{Scheme: "https", Host: host}})
	return err == nil && proxy != nil
}

// handshake ends a TLS handshake where it begins, and notes that it did: every Go takes randomness
// before it says a word.
type handshake struct{ begun int32 }

// Read implements io.Reader.
func (h *handshake) Read([]byte) (int, error) {
	atomic.StoreInt32(&h.begun, 1)
	return 0, errors.New("the registry can be reached")
}

// WhyNoAnswer is what a proxy has said, if that is why nobody answered: words for the log, or none.
func WhyNoAnswer(err error) string {
	if err == nil {
		return ""
	}
	found := overHTTPS.FindStringSubmatch(err.Error())
	if found == nil || !statusText.MatchString(found[2]) && (ofGo.MatchString(found[2]) || !hasProxy(found[1])) {
		return ""
	}
	return " (the proxy says: " + strings.Trim(strconv.Quote(found[2]), `"`) + ")"
}
