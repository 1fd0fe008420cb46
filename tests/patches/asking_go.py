"""A question to the Go of a fixture: which endpoints does its registry package find?"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"


# What Go says of them.
GO_TEST = """package registry

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
)

func TestEndpoints(t *testing.T) {
	lookupIP = func(host string) ([]net.IP, error) {
		if host == "within.example" {
			return []net.IP{net.ParseIP("192.0.2.9")}, nil
		}
		return nil, errors.New("unknown host")
	}
	%(make)s
	for host, want := range map[string]string{
		"listed.example":      "https http",
		"port.example:5000":   "https http",
		"port.example":        "https",
		"within.example":      "https http",
		"within.example:5000": "https http",
		"192.0.2.200":         "https http",
		"198.51.100.1":        "https",
		"outside.example":     "https",
		"127.0.0.1:5000":      "https http",
		"docker.io":           "https",
	} {
		schemes := []string{}
		%(look)s
		if got := strings.Join(schemes, " "); got != want {
			t.Errorf("%%s: %%s, want %%s", host, got, want)
		}
	}
}
"""


LISTED = '[]string{"listed.example", "port.example:5000", "192.0.2.0/24"}'


MAKE_OLD = f"""options := &Options{{Mirrors: opts.NewListOpts(nil), InsecureRegistries: opts.NewListOpts(nil)}}
	for _, r := range {LISTED} {{
		options.InsecureRegistries.Set(r)
	}}
	s := NewService(options)"""


MAKE = f"s := NewService(ServiceOptions{{InsecureRegistries: {LISTED}}})"


MAKE_ERR = f"""s, err := NewService(ServiceOptions{{InsecureRegistries: {LISTED}}})
	if err != nil {{
		t.Fatal(err)
	}}"""


LOOK = """endpoints, err := s.LookupPullEndpoints(%s)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range endpoints {
			scheme := strings.SplitN(fmt.Sprint(e.URL), ":", 2)[0]
			if strings.Contains(fmt.Sprintf("%%+v", e), "Version:v1") {
				continue // the same again in the first protocol
			}
			schemes = append(schemes, scheme)
		}"""


def run_in(env: dict[str, str], cwd: Path, *command: str) -> str:
    """What a command says; an error is part of it."""
    tool = shutil.which(command[0], path=env["PATH"]) or command[0]
    done = subprocess.run(
        [tool, *command[1:]],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else f"exit {done.returncode}\n{done.stdout}"
