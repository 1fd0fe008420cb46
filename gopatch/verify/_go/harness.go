package registry

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"reflect"
	"strings"
	"testing"
	"unsafe"
)

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
