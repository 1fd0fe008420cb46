package registry

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	gopatchDomain  = ".gopatch.example"
	gopatchProxied = ".proxied" + gopatchDomain // whoever asks a proxy for these, asks ours
	gopatchSecret  = " with the password"
)

// gopatchManner is how a server of ours answers: over TLS, and over plain HTTP on the same port.
type gopatchManner struct {
	Host  string `json:"host"`
	Bare  bool   `json:"bare"` // the host is no name of our domain
	HTTPS struct {
		// "good", "unknown-ca", "wrong-name": a certificate, and "late" is a good one behind which nothing
		// is answered; "plain": no TLS is spoken here; "reset", "eof", "alert", "banner", "silent": what
		// becomes of the handshake; "proxy": the way there is by a proxy that refuses to connect.
		Kind     string `json:"kind"`
		Status   int    `json:"status"`
		Accepts  bool   `json:"accepts"`
		V2       bool   `json:"v2"`
		Location string `json:"location"`
	} `json:"https"`
	HTTP struct {
		Status   int    `json:"status"`
		Accepts  bool   `json:"accepts"`
		V2       bool   `json:"v2"`
		Location string `json:"location"`
	} `json:"http"`
}

// gopatchServer is a server and what it has seen: "https hello" is a handshake that was begun.
type gopatchServer struct {
	listener  net.Listener
	authority *gopatchCA
	lock      sync.Mutex
	manner    gopatchManner
	log       []string
	bodies    []string
	closed    chan struct{}
}

// gopatchServe looks at the first byte of each connection: 0x16 opens a TLS handshake.
func gopatchServe(manner gopatchManner, authority *gopatchCA) *gopatchServer {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	if manner.Bare {
		gopatchElsewhere.Store(strings.ToLower(manner.Host), true)
	}
	server := &gopatchServer{listener: listener, authority: authority, manner: manner, closed: make(chan struct{})}
	if manner.HTTPS.Kind == "proxy" {
		gopatchOnTheWay.lock.Lock()
		gopatchOnTheWay.servers[server.address()] = server
		gopatchOnTheWay.lock.Unlock()
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go server.talkOn(connection)
		}
	}()
	return server
}

func (s *gopatchServer) close() {
	s.listener.Close()
	close(s.closed)
}

func (s *gopatchServer) address() string {
	return fmt.Sprintf("%s:%d", s.now().name(), s.listener.Addr().(*net.TCPAddr).Port)
}

func (m gopatchManner) name() string {
	if m.Bare {
		return m.Host
	}
	if m.HTTPS.Kind == "proxy" {
		return m.Host + gopatchProxied
	}
	return m.Host + gopatchDomain
}

// gopatchProxy is a proxy for those servers whose way it is: it refuses to connect, and hands plain HTTP on.
type gopatchProxy struct {
	lock    sync.Mutex
	servers map[string]*gopatchServer
}

var gopatchOnTheWay = &gopatchProxy{servers: map[string]*gopatchServer{}}

// listen makes this process use the proxy, but for some servers.
func (p *gopatchProxy) listen(but []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		os.Setenv(name, "http://"+listener.Addr().String())
	}
	os.Setenv("NO_PROXY", strings.Join(but, ","))
	go http.Serve(listener, p)
}

func (p *gopatchProxy) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	p.lock.Lock()
	server := p.servers[request.Host]
	p.lock.Unlock()
	if server == nil || request.Method == http.MethodConnect {
		if server != nil {
			server.saw("https hello", "")
		}
		w.WriteHeader(http.StatusForbidden)
		return
	}
	server.handler("http").ServeHTTP(w, request)
}

func (s *gopatchServer) now() gopatchManner {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.manner
}

func (s *gopatchServer) saw(what, body string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.log, s.bodies = append(s.log, what), append(s.bodies, body)
}

func (s *gopatchServer) talkOn(connection net.Conn) {
	reader := bufio.NewReader(connection)
	first, err := reader.Peek(1)
	if err != nil {
		connection.Close()
		return
	}
	peeked := &gopatchPeeked{connection, reader}
	if first[0] != 0x16 {
		http.Serve(&gopatchOnce{conn: peeked}, s.handler("http"))
		return
	}
	s.saw("https hello", "")
	manner := s.now()
	switch manner.HTTPS.Kind {
	case "plain", "proxy":
		// Who asks no proxy finds plain HTTP. Go's server answers a handshake with an HTTP error, as Docker's registry does.
		http.Serve(&gopatchOnce{conn: peeked}, s.handler("http"))
	case "reset":
		connection.(*net.TCPConn).SetLinger(0)
		connection.Close()
	case "eof":
		io.ReadFull(reader, make([]byte, reader.Buffered()))
		connection.Close()
	case "alert", "banner":
		// A fatal alert: handshake_failure (RFC 8446, 6.2).
		answer := []byte{0x15, 3, 3, 0, 2, 2, 40}
		if manner.HTTPS.Kind == "banner" {
			answer = []byte("SSH-2.0-gopatch\r\n")
		}
		io.ReadFull(reader, make([]byte, reader.Buffered()))
		connection.Write(answer)
		io.Copy(io.Discard, reader)
		connection.Close()
	case "silent":
		<-s.closed
		connection.Close()
	default:
		http.Serve(&gopatchOnce{conn: tls.Server(peeked, s.authority.config(manner))}, s.handler("https"))
	}
}

func (s *gopatchServer) handler(scheme string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		// The paths of some roads have the registry's name in them, whose port is another each time.
		sent := scheme + " " + request.Method + " " + strings.Replace(request.URL.Path, request.Host, "HOST", -1)
		if request.Header.Get("Authorization") != "" {
			sent += gopatchSecret
		}
		body, _ := io.ReadAll(request.Body)
		s.saw(sent, string(body))
		manner := s.now()
		answer := manner.HTTP
		if scheme == "https" {
			answer.Status, answer.Accepts, answer.V2 = manner.HTTPS.Status, manner.HTTPS.Accepts, manner.HTTPS.V2
			answer.Location = manner.HTTPS.Location
			if manner.HTTPS.Kind == "late" {
				<-s.closed
				return
			}
		}
		if answer.Status == 0 {
			// It hangs up.
			if connection, _, err := w.(http.Hijacker).Hijack(); err == nil {
				connection.Close()
			}
			return
		}
		gopatchReplyTo(w, request, answer.Status, answer.Accepts, answer.V2, strings.Replace(answer.Location, "HOST", request.Host, 1))
	})
}

func gopatchReplyTo(w http.ResponseWriter, request *http.Request, status int, accepts, v2 bool, location string) {
	if _, _, given := request.BasicAuth(); given && accepts {
		status = http.StatusOK
	}
	if v2 {
		w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Basic realm="gopatch"`)
	}
	if location != "" {
		w.Header().Set("Location", location)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Connection", "close") // what comes next is asked anew
	w.WriteHeader(status)
	fmt.Fprint(w, `{"num_results": 0, "query": "app", "results": []}`)
}

type gopatchPeeked struct {
	net.Conn
	reader *bufio.Reader
}

func (p *gopatchPeeked) Read(data []byte) (int, error) { return p.reader.Read(data) }

// gopatchOnce is a listener of one connection.
type gopatchOnce struct {
	conn net.Conn
	lock sync.Mutex
}

func (o *gopatchOnce) Accept() (net.Conn, error) {
	o.lock.Lock()
	defer o.lock.Unlock()
	if o.conn == nil {
		return nil, io.EOF
	}
	found := o.conn
	o.conn = nil
	return found, nil
}

func (o *gopatchOnce) Close() error   { return nil }
func (o *gopatchOnce) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// Certificates ---------------------------------------------------------------------------------

type gopatchCA struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// gopatchAuthority makes an authority that this process trusts: crypto/x509 reads SSL_CERT_FILE.
func gopatchAuthority(t *testing.T) *gopatchCA {
	authority := gopatchNewCA()
	file := t.TempDir() + "/authority.pem"
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.certificate.Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	os.Setenv("SSL_CERT_FILE", file)
	os.Setenv("SSL_CERT_DIR", t.TempDir())
	return authority
}

func gopatchNewCA() *gopatchCA {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := gopatchTemplate("an authority")
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(raw)
	if err != nil {
		panic(err)
	}
	return &gopatchCA{certificate, key}
}

func gopatchTemplate(name string) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		panic(err)
	}
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
}

// config is a certificate for the manner's host: for another one, or by somebody else, where it says so.
func (a *gopatchCA) config(manner gopatchManner) *tls.Config {
	signer := a
	if manner.HTTPS.Kind == "unknown-ca" {
		signer = gopatchNewCA()
	}
	name := manner.name()
	if manner.HTTPS.Kind == "wrong-name" {
		name = "other.example"
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := gopatchTemplate(name)
	template.DNSNames = []string{name}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	raw, err := x509.CreateCertificate(rand.Reader, template, signer.certificate, &key.PublicKey, signer.key)
	if err != nil {
		panic(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}}
}

// Names ----------------------------------------------------------------------------------------

// gopatchElsewhere are names of servers of ours that are no names of our domain.
var gopatchElsewhere sync.Map

// gopatchDNS answers every name of ours with 127.0.0.1, and has no other (RFC 1035, over a stream).
func gopatchDNS(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	go func() {
		defer there.Close()
		for {
			var size [2]byte
			if _, err := io.ReadFull(there, size[:]); err != nil {
				return
			}
			query := make([]byte, binary.BigEndian.Uint16(size[:]))
			if _, err := io.ReadFull(there, query); err != nil {
				return
			}
			reply := gopatchReply(query)
			binary.BigEndian.PutUint16(size[:], uint16(len(reply)))
			if _, err := there.Write(append(size[:], reply...)); err != nil {
				return
			}
		}
	}()
	return here, nil
}

func gopatchReply(query []byte) []byte {
	end := 12
	var labels []string
	for end < len(query) && query[end] != 0 {
		size := int(query[end])
		labels = append(labels, string(query[end+1:end+1+size]))
		end += 1 + size
	}
	end += 5 // the root, type and class
	name := strings.ToLower(strings.Join(labels, "."))
	_, ours := gopatchElsewhere.Load(name)
	ours = ours || strings.HasSuffix("."+name, gopatchDomain)
	wanted := binary.BigEndian.Uint16(query[end-4:])
	reply := append([]byte{query[0], query[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, query[12:end]...)
	switch {
	case !ours:
		reply[3] |= 3 // no such name
	case wanted == 1:
		reply[7] = 1
		reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1)
	}
	return reply
}
