package config

import (
	"encoding/json"
	"os"
	"sort"
	"testing"

	"github.com/docker/docker/opts"
	"github.com/spf13/pflag"
)

// A flag as gopatch read it off the source; key is its name in daemon.json, where that is another.
type gopatchFlag struct {
	Name, Key string
	Boolean   bool
}

type gopatchCase struct {
	Data  []byte
	Flags []gopatchFlag
	Given map[string]string
}

type gopatchAnswer struct {
	Error    string
	Present  []string
	Mirrors  []string
	Listed   []string
	Switched map[string]string
}

// TestGopatchDaemonJSON asks Docker's own reader about each case.
func TestGopatchDaemonJSON(t *testing.T) {
	data, err := os.ReadFile(os.Getenv("GOPATCH_CASES"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []gopatchCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	answers := make([]gopatchAnswer, len(cases))
	file := t.TempDir() + "/daemon.json"
	for i, c := range cases {
		if err := os.WriteFile(file, c.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		answers[i] = gopatchRead(t, file, c)
	}
	if data, err = json.Marshal(answers); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("GOPATCH_ANSWERS"), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func gopatchRead(t *testing.T, file string, c gopatchCase) (answer gopatchAnswer) {
	flags := pflag.NewFlagSet("dockerd", pflag.ContinueOnError)
	for _, f := range c.Flags {
		switch {
		case f.Key != "":
			flags.Var(opts.NewNamedListOptsRef(f.Key, &[]string{}, nil), f.Name, "")
		case f.Boolean:
			flags.Bool(f.Name, false, "")
		default:
			flags.String(f.Name, "", "")
		}
	}
	for name, value := range c.Given {
		if err := flags.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	found, err := getConflictFreeConfiguration(file, flags)
	if err == nil {
		err = Validate(found)
	}
	if err != nil {
		answer.Error = err.Error()
		return answer
	}
	for key := range found.ValuesSet {
		answer.Present = append(answer.Present, key)
	}
	sort.Strings(answer.Present)
	answer.Mirrors, answer.Listed = found.Mirrors, found.InsecureRegistries
	answer.Switched = map[string]string{}
	for _, f := range c.Flags {
		if f.Boolean && flags.Changed(f.Name) {
			answer.Switched[f.Name] = flags.Lookup(f.Name).Value.String()
		}
	}
	return answer
}
