package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
)

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
	defer server.close()
	address := server.address()
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
	for _, sent := range server.log {
		if plain := strings.TrimPrefix(sent, "http "); plain != sent {
			heard.Plain = append(heard.Plain, plain)
			heard.Clear = heard.Clear || strings.HasSuffix(plain, gopatchSecret)
		}
	}
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
