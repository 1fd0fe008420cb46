package registry

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"testing"
)

// TestGopatchConfig asks for the service's own configuration of each case: networks, mirrors, names.
func TestGopatchConfig(t *testing.T) {
	data, err := os.ReadFile(os.Getenv("GOPATCH_CASES"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []gopatchCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	answers := make([]json.RawMessage, len(cases))
	for i, c := range cases {
		answers[i] = gopatchConfig(c)
	}
	if data, err = json.Marshal(answers); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("GOPATCH_ANSWERS"), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// gopatchConfig is the configuration as JSON, or an object with Docker's error alone.
func gopatchConfig(c gopatchCase) (answer json.RawMessage) {
	said := func(err interface{}) {
		answer, _ = json.Marshal(map[string]string{"error": fmt.Sprint(err)})
	}
	defer func() {
		if problem := recover(); problem != nil {
			said(problem)
		}
	}()
	made := reflect.ValueOf(NewService)
	options, _ := gopatchOptions(made.Type().In(0), c)
	out := made.Call([]reflect.Value{options})
	if err := gopatchError(out); err != nil {
		said(err)
		return answer
	}
	service := out[0]
	for service.Kind() == reflect.Interface {
		service = service.Elem()
	}
	var config interface{}
	if method := service.MethodByName("ServiceConfig"); method.IsValid() {
		config = method.Call(nil)[0].Interface()
	} else {
		config = service.Elem().FieldByName("Config").Interface()
	}
	answer, err := json.Marshal(config)
	if err != nil {
		said(err)
	}
	return answer
}
