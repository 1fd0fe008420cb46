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
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// gopatchManner is how a server of ours answers: over TLS, and over plain HTTP on the same port.
type gopatchManner struct {
	Host  string `json:"host"`
	HTTPS struct {
		// "plain": no TLS is spoken here; "good", "unknown-ca", "wrong-name": a certificate.
		Kind    string `json:"kind"`
		Status  int    `json:"status"`
		Accepts bool   `json:"accepts"`
		V2      bool   `json:"v2"`
	} `json:"https"`
	HTTP struct {
		Status  int  `json:"status"`
		Accepts bool `json:"accepts"`
		V2      bool `json:"v2"`
	} `json:"http"`
}

type gopatchTalk struct {
	Case   gopatchCase   `json:"case"`
	Action string        `json:"action"`
	Manner gopatchManner `json:"manner"`
}

// gopatchHeard is what came of it: whether the call went well, and each request that a server saw.
type gopatchHeard struct {
	Error string   `json:"error"`
	Plain []string `json:"plain"`
	Clear bool     `json:"clear"` // a password went over plain HTTP
	Tried bool     `json:"tried"`
}

const gopatchDomain = ".gopatch.example"

func TestGopatchTraffic(t *testing.T) {
	data, err := os.ReadFile(os.Getenv("GOPATCH_CASES"))
	if err != nil {
		t.Fatal(err)
	}
	var talks []gopatchTalk
	if err := json.Unmarshal(data, &talks); err != nil {
		t.Fatal(err)
	}
	// The daemon decides by an address that is no loopback, and is then led to a server here.
	gopatchResolve(t, func(string) ([]net.IP, error) { return []net.IP{net.ParseIP("192.0.2.7")}, nil })
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: gopatchDNS}
	authority := gopatchAuthority(t)
	heard := make([]gopatchHeard, len(talks))
	var wait sync.WaitGroup
	for i := range talks {
		wait.Add(1)
		go func(i int) {
			defer wait.Done()
			heard[i] = gopatchConverse(talks[i], authority)
		}(i)
	}
	wait.Wait()
	data, err = json.Marshal(heard)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("GOPATCH_ANSWERS"), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// gopatchConverse starts a server, lets a service of its own talk to it, and says what was seen.
func gopatchConverse(talk gopatchTalk, authority *gopatchCA) (heard gopatchHeard) {
	defer func() {
		if problem := recover(); problem != nil {
			heard.Error = fmt.Sprintf("panic: %v", problem)
		}
	}()
	server := gopatchServe(talk.Manner, authority)
	defer server.listener.Close()
	port := server.listener.Addr().(*net.TCPAddr).Port
	address := fmt.Sprintf("%s%s:%d", talk.Manner.Host, gopatchDomain, port)
	one := talk.Case
	for i, listed := range one.Insecure {
		one.Insecure[i] = strings.Replace(listed, "HOST", address, 1)
	}
	options, _ := gopatchOptions(reflect.ValueOf(NewService).Type().In(0), one)
	out := reflect.ValueOf(NewService).Call([]reflect.Value{options})
	if err := gopatchError(out); err != nil {
		heard.Error = err.Error()
		return heard
	}
	service := out[0]
	for service.Kind() == reflect.Interface {
		service = service.Elem()
	}
	method, text := service.MethodByName("Auth"), "gopatch"
	if talk.Action == "search" {
		method, text = service.MethodByName("Search"), address+"/app"
	}
	if !method.IsValid() {
		return heard
	}
	heard.Tried = true
	if err := gopatchError(gopatchAskService(method, text, address)); err != nil {
		heard.Error = err.Error()
	}
	server.lock.Lock()
	defer server.lock.Unlock()
	heard.Plain, heard.Clear = server.plain, server.clear
	return heard
}

// gopatchAskService gives each parameter what its type asks for: the first text is what is looked
// for, the others name who asks; credentials are whatever struct has an address of a server.
func gopatchAskService(method reflect.Value, text, address string) []reflect.Value {
	kind := method.Type()
	in := make([]reflect.Value, kind.NumIn())
	for i := range in {
		want := kind.In(i)
		holder := want
		if holder.Kind() == reflect.Ptr {
			holder = holder.Elem()
		}
		switch {
		case want == reflect.TypeOf((*context.Context)(nil)).Elem():
			in[i] = reflect.ValueOf(context.Background())
		case want.Kind() == reflect.String:
			in[i] = reflect.ValueOf(text).Convert(want)
			text = "gopatch"
		case want.Kind() == reflect.Int:
			in[i] = reflect.ValueOf(25).Convert(want)
		case holder.Kind() == reflect.Struct && gopatchHas(holder, "ServerAddress"):
			made := reflect.New(holder)
			for name, value := range map[string]string{"Username": "someone", "Password": "password", "ServerAddress": address} {
				made.Elem().FieldByName(name).SetString(value)
			}
			in[i] = made
			if want.Kind() != reflect.Ptr {
				in[i] = made.Elem()
			}
		default:
			in[i] = reflect.Zero(want)
		}
	}
	return method.Call(in)
}

func gopatchHas(kind reflect.Type, name string) bool {
	_, ok := kind.FieldByName(name)
	return ok
}

// Servers --------------------------------------------------------------------------------------

type gopatchServer struct {
	listener net.Listener
	lock     sync.Mutex
	plain    []string
	clear    bool
}

// gopatchServe looks at the first byte of each connection: 0x16 opens a TLS handshake.
func gopatchServe(manner gopatchManner, authority *gopatchCA) *gopatchServer {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := &gopatchServer{listener: listener}
	plain := gopatchHandler(manner.HTTP.Status, manner.HTTP.Accepts, manner.HTTP.V2, server.saw)
	secure := gopatchHandler(manner.HTTPS.Status, manner.HTTPS.Accepts, manner.HTTPS.V2, func(*http.Request) {})
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go gopatchTalkOn(connection, manner, authority, plain, secure)
		}
	}()
	return server
}

func (s *gopatchServer) saw(request *http.Request) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.plain = append(s.plain, request.Method+" "+request.URL.Path)
	s.clear = s.clear || request.Header.Get("Authorization") != ""
}

func gopatchTalkOn(connection net.Conn, manner gopatchManner, authority *gopatchCA, plain, secure http.Handler) {
	reader := bufio.NewReader(connection)
	first, err := reader.Peek(1)
	if err != nil {
		connection.Close()
		return
	}
	peeked := &gopatchPeeked{connection, reader}
	if first[0] != 0x16 || manner.HTTPS.Kind == "plain" {
		// Go's server answers a handshake with an HTTP error, as Docker's registry does.
		http.Serve(&gopatchOnce{conn: peeked}, plain)
		return
	}
	over := tls.Server(peeked, authority.config(manner))
	http.Serve(&gopatchOnce{conn: over}, secure)
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

func gopatchHandler(status int, accepts, v2 bool, saw func(*http.Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		saw(request)
		answer := status
		if _, _, given := request.BasicAuth(); given && accepts {
			answer = http.StatusOK
		}
		if v2 {
			w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
		}
		if answer == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="gopatch"`)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer)
		fmt.Fprint(w, `{"num_results": 0, "query": "app", "results": []}`)
	})
}

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
	name := manner.Host + gopatchDomain
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
	ours := strings.HasSuffix(strings.ToLower("."+strings.Join(labels, ".")), gopatchDomain)
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
