package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	"unsafe"
)

// gopatchShape is what has to be spelled differently from one source to the next; an init
// function beside this file fills it.
var gopatchShape struct {
	secure interface{}                  // isSecureIndex, as a function or a method expression
	v2Only *bool                        // where it is a variable of the package
	list   func([]string) reflect.Value // options.ListOpts, where lists are that
	named  func(string) reflect.Value   // a repository's name, where lookups want a type for it
}

type gopatchCase struct {
	Mirrors  []string            `json:"mirrors"`
	Insecure []string            `json:"insecure"`
	Accept   bool                `json:"accept"`
	V2Only   bool                `json:"v2only"`
	Host     string              `json:"host"`
	Lookup   string              `json:"lookup"`
	Names    map[string][]string `json:"names"`
}

type gopatchEndpoint struct {
	URL          string `json:"url"`
	Version      int64  `json:"version"`
	Mirror       bool   `json:"mirror"`
	Official     bool   `json:"official"`
	TrimHostname bool   `json:"trim_hostname"`
	SkipVerify   bool   `json:"skip_verify"`
}

type gopatchFound struct {
	Error     string            `json:"error"`
	Endpoints []gopatchEndpoint `json:"endpoints"`
}

type gopatchAnswer struct {
	Error  string       `json:"error"`
	Option bool         `json:"option"`
	Secure *bool        `json:"secure"`
	Pull   gopatchFound `json:"pull"`
	Push   gopatchFound `json:"push"`
}

func TestGopatchHarness(t *testing.T) {
	data, err := os.ReadFile(os.Getenv("GOPATCH_CASES"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []gopatchCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	var names map[string][]string
	gopatchResolve(t, func(host string) ([]net.IP, error) {
		bare := strings.SplitN(host, "%", 2)[0]
		if ip := net.ParseIP(bare); ip != nil {
			return []net.IP{ip}, nil
		}
		listed, ok := names[host]
		if !ok {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		var ips []net.IP
		for _, text := range listed {
			ips = append(ips, net.ParseIP(text))
		}
		return ips, nil
	})
	answers := make([]gopatchAnswer, len(cases))
	for i, c := range cases {
		names = c.Names
		answers[i] = gopatchAsk(c)
	}
	data, err = json.Marshal(answers)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("GOPATCH_ANSWERS"), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// gopatchResolve puts a resolver of our own in the place of lookupIP, whatever its signature.
func gopatchResolve(t *testing.T, resolve func(string) ([]net.IP, error)) {
	place := reflect.ValueOf(&lookupIP).Elem()
	kind := place.Type()
	place.Set(reflect.MakeFunc(kind, func(in []reflect.Value) []reflect.Value {
		var host string
		for _, value := range in {
			if value.Kind() == reflect.String && value.String() != "ip" {
				host = value.String()
			}
		}
		ips, err := resolve(host)
		out := []reflect.Value{reflect.Zero(kind.Out(0)), reflect.Zero(kind.Out(1))}
		if err != nil {
			out[1] = reflect.ValueOf(&err).Elem()
			return out
		}
		if kind.Out(0) != reflect.TypeOf(ips) {
			t.Fatalf("lookupIP gives %s", kind.Out(0))
		}
		out[0] = reflect.ValueOf(ips)
		return out
	}))
}

func gopatchAsk(c gopatchCase) (answer gopatchAnswer) {
	defer func() {
		if problem := recover(); problem != nil {
			answer.Error = fmt.Sprintf("panic: %v", problem)
		}
	}()
	if gopatchShape.v2Only != nil {
		*gopatchShape.v2Only = c.V2Only
	}
	made := reflect.ValueOf(NewService)
	options, known := gopatchOptions(made.Type().In(0), c)
	answer.Option = known
	out := made.Call([]reflect.Value{options})
	if err := gopatchError(out); err != nil {
		answer.Error = err.Error()
		return answer
	}
	service := out[0]
	for service.Kind() == reflect.Interface {
		service = service.Elem()
	}
	answer.Secure = gopatchSecure(service, c.Host)
	answer.Pull = gopatchLookup(service, "LookupPullEndpoints", c.Lookup)
	answer.Push = gopatchLookup(service, "LookupPushEndpoints", c.Lookup)
	return answer
}

// gopatchOptions fills the options by their keys in daemon.json, or by the names that the
// fields have always had; known says whether there is a field for the new option.
func gopatchOptions(kind reflect.Type, c gopatchCase) (options reflect.Value, known bool) {
	pointer := kind.Kind() == reflect.Ptr
	if pointer {
		kind = kind.Elem()
	}
	made := reflect.New(kind)
	fill := made.Elem()
	gopatchList(gopatchField(fill, "registry-mirrors", "Mirrors"), c.Mirrors)
	gopatchList(gopatchField(fill, "insecure-registries", "InsecureRegistries"), c.Insecure)
	if field := gopatchField(fill, "disable-legacy-registry", "V2Only"); field.IsValid() {
		field.SetBool(c.V2Only)
	}
	if field := gopatchField(fill, "accept-insecure-registry", "AcceptInsecureRegistry"); field.IsValid() {
		known = true
		field.SetBool(c.Accept)
	}
	if pointer {
		return made, known
	}
	return fill, known
}

func gopatchField(options reflect.Value, key, name string) reflect.Value {
	for i := 0; i < options.NumField(); i++ {
		if strings.Split(options.Type().Field(i).Tag.Get("json"), ",")[0] == key {
			return options.Field(i)
		}
	}
	return options.FieldByName(name)
}

func gopatchList(field reflect.Value, values []string) {
	if gopatchShape.list != nil {
		field.Set(gopatchShape.list(values))
		return
	}
	field.Set(reflect.ValueOf(values))
}

func gopatchError(out []reflect.Value) error {
	for _, value := range out {
		if err, ok := value.Interface().(error); ok && err != nil {
			return err
		}
	}
	return nil
}

// gopatchCall gives each parameter what its type asks for.
func gopatchCall(function reflect.Value, text string, more ...reflect.Value) []reflect.Value {
	in := make([]reflect.Value, function.Type().NumIn())
next:
	for i := range in {
		kind := function.Type().In(i)
		for _, value := range more {
			if value.Type().AssignableTo(kind) {
				in[i] = value
				continue next
			}
		}
		switch {
		case kind.Kind() == reflect.String:
			in[i] = reflect.ValueOf(text).Convert(kind)
		case kind == reflect.TypeOf((*context.Context)(nil)).Elem():
			in[i] = reflect.ValueOf(context.Background())
		case gopatchShape.named != nil:
			in[i] = gopatchShape.named(text)
		default:
			panic(errors.New("no value for a parameter of type " + kind.String()))
		}
	}
	return function.Call(in)
}

// gopatchSecure asks isSecureIndex, which belongs to the configuration that the service holds.
func gopatchSecure(service reflect.Value, host string) *bool {
	if gopatchShape.secure == nil {
		return nil
	}
	var fields []reflect.Value
	holder := service.Elem()
	for i := 0; i < holder.NumField(); i++ {
		field := holder.Field(i)
		fields = append(fields, reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem())
	}
	fields = append(fields, service)
	secure := gopatchCall(reflect.ValueOf(gopatchShape.secure), host, fields...)[0].Bool()
	return &secure
}

func gopatchLookup(service reflect.Value, name, text string) (found gopatchFound) {
	out := gopatchCall(service.MethodByName(name), text)
	if err := gopatchError(out); err != nil {
		found.Error = err.Error()
		return found
	}
	found.Endpoints = []gopatchEndpoint{}
	for i := 0; i < out[0].Len(); i++ {
		found.Endpoints = append(found.Endpoints, gopatchSeen(out[0].Index(i)))
	}
	return found
}

func gopatchSeen(endpoint reflect.Value) gopatchEndpoint {
	seen := gopatchEndpoint{Version: 2}
	switch address := endpoint.FieldByName("URL").Interface().(type) {
	case string:
		seen.URL = address
		// A mirror that is kept as it was written counts by the parts that a request would use.
		if parsed, err := url.Parse(address); err == nil && endpoint.FieldByName("Mirror").Bool() {
			seen.URL = parsed.Scheme + "://" + parsed.Host + parsed.Path
		}
	case *url.URL:
		seen.URL = address.Scheme + "://" + address.Host + address.Path
	default:
		panic(fmt.Errorf("the URL of an endpoint is a %T", address))
	}
	if field := endpoint.FieldByName("Version"); field.IsValid() {
		seen.Version = field.Int()
	}
	flag := func(name string) bool {
		field := endpoint.FieldByName(name)
		return field.IsValid() && field.Bool()
	}
	seen.Mirror, seen.Official, seen.TrimHostname = flag("Mirror"), flag("Official"), flag("TrimHostname")
	if config := endpoint.FieldByName("TLSConfig"); config.IsValid() && !config.IsNil() {
		seen.SkipVerify = config.Elem().FieldByName("InsecureSkipVerify").Bool()
	}
	return seen
}
