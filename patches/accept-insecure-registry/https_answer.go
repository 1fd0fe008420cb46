package registry

import (
	"net"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
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

// proxyRefused is how an error reads where a proxy has refused to connect: net/http leaves nothing
// but the text of the proxy's status.
var proxyRefused = regexp.MustCompile(`^[A-Z][A-Za-z]* "?https://[^\s"]+"?: (` + statusTexts() + `)$`)

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
	for err != nil {
		switch e := err.(type) {
		case *url.Error:
			if proxyRefused.MatchString(e.Error()) {
				return true
			}
			err = e.Err
		case *net.OpError:
			if e.Op == "dial" {
				// The last one: it is the caller who hung up.
				return e.Err == nil || e.Err.Error() != "operation was canceled"
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
			return timedOut(err) || isPlainHTTP(err) || readsLikeNoAnswer(err.Error())
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
func readsLikeNoAnswer(text string) bool {
	attempts := strings.Split(text, "ping attempt failed with error: ")
	if len(attempts) > 1 {
		attempts = attempts[1:]
	}
	for _, attempt := range attempts {
		attempt = strings.TrimSpace(attempt)
		if !noAnswer.MatchString(attempt) && !proxyRefused.MatchString(attempt) {
			return false
		}
	}
	return true
}

// WhyNoAnswer is what a proxy has said, if that is why nobody answered: words for the log, or none.
func WhyNoAnswer(err error) string {
	if err == nil {
		return ""
	}
	if found := proxyRefused.FindStringSubmatch(err.Error()); found != nil {
		return " (the proxy says: " + found[1] + ")"
	}
	return ""
}
