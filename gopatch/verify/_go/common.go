package registry

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
)

// gopatchShape is what has to be spelled differently from one source to the next; an init
// function beside this file fills it.
var gopatchShape struct {
	secure interface{}                  // isSecureIndex, as a function or a method expression
	v2Only *bool                        // where it is a variable of the package
	list   func([]string) reflect.Value // options.ListOpts, where lists are that
	named  func(string) reflect.Value   // a repository's name, where lookups want a type for it
	tagged func(string) reflect.Value   // the same with a tag
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
