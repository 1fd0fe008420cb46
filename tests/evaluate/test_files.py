"""Files and certificates of a world: what Go reads of them, what it refuses, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from gopatch.evaluate import Library, Machine, Package, UnsupportedError, plain
from gopatch.evaluate.files import CERTIFICATE, KEY
from gopatch.evaluate.network import World

IMPORTS = """import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/ioutil"
	"os"
	"path"
	"path/filepath"

	hostconfig "github.com/containerd/containerd/v2/core/remotes/docker/config"
	"github.com/docker/go-connections/tlsconfig"
	"github.com/moby/buildkit/util/resolver"
	bkconfig "github.com/moby/buildkit/util/resolver/config"
)
"""
FILES = {
    "/certs/reg.test/ca.crt": f"{CERTIFICATE}root",
    "/certs/reg.test/b.cert": f"{CERTIFICATE}client",
    "/certs/reg.test/b.key": f"{KEY}client",
    "/certs/reg.test/old/ca.crt": f"{CERTIFICATE}old root",
    "/certs/ported.test_5000_/ca.crt": f"{CERTIFICATE}ported",
    "/certs/half.test/c.cert": f"{CERTIFICATE}half",
    "/certs/strange.test/c.cert": f"{CERTIFICATE}one",
    "/certs/strange.test/c.key": f"{KEY}another",
    "/certs/closed.test/ca.crt": f"{CERTIFICATE}closed",
    "/certs/note": "text",
}
MORE = """
func names(dir string) string {
	found, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return "none"
	}
	s := ""
	for _, f := range found {
		s += f.Name()
		if f.IsDir() {
			s += "/"
		}
		s += " "
	}
	return s
}

func pool(begin *x509.CertPool, files ...string) *x509.CertPool {
	for _, file := range files {
		data, _ := os.ReadFile(file)
		begin.AppendCertsFromPEM(data)
	}
	return begin
}

func system() *x509.CertPool { found, _ := x509.SystemCertPool(); return found }

func refused(cert, key string) bool { _, err := tls.LoadX509KeyPair(cert, key); return err != nil }

func settings(host string) *tls.Config {
	hosts, err := hostconfig.ConfigureHosts(context.TODO(), hostconfig.HostOptions{
		HostDir: hostconfig.HostDirFromRoot("/certs"),
	})(host)
	if err != nil {
		return nil
	}
	return hosts[0].Client.Transport.TLSClientConfig
}

func built(dir string) *tls.Config {
	m := map[string]bkconfig.RegistryConfig{"reg.test": {TLSConfigDir: []string{dir}}}
	hosts, err := resolver.NewRegistryConfig(m)("reg.test")
	if err != nil {
		return nil
	}
	return hosts[0].Client.Transport.TLSClientConfig
}
"""


def _machine(body: str, files: dict[str, str] | None = None) -> Machine:
    world = World()
    world.files = dict(FILES if files is None else files)
    world.closed = frozenset({"/closed", "/certs/closed.test/ca.crt"})
    text = f"package p\n\n{IMPORTS}\n{MORE}\nfunc f() any {{\n{body}\n}}\n"
    return Machine(Package([("p/p.go", text.encode())]), Library(world=world))


def _run(body: str, files: dict[str, str] | None = None) -> Any:
    return plain(_machine(body, files).call("f"))


SHOWN: dict[str, tuple[str, object]] = {
    "a folder, by name": ('return names("/certs/reg.test")', "b.cert b.key ca.crt old/ "),
    "a slash at the end": ('return names("/certs/half.test/")', "c.cert "),
    "folders in a folder": ('return names("/certs")', "closed.test/ half.test/ note ported.test_5000_/ reg.test/ strange.test/ "),
    "no such folder": ('return names("/certs/reg")', "none"),
    "a folder of older Go": ('fs, _ := ioutil.ReadDir("/certs/half.test")\nreturn len(fs)', 1),
    "a file": ('data, err := os.ReadFile("/certs/note")\nif err != nil {\n\treturn ""\n}\nreturn string(data)', "text"),
    "no such file": ('_, err := ioutil.ReadFile("/certs/none")\nreturn os.IsNotExist(err)', True),
    "a folder is no file": ('_, err := os.ReadFile("/certs")\nreturn err != nil', True),
    "what is not there is not forbidden": ('_, err := os.ReadFile("/x")\nreturn os.IsPermission(err) || errors.Is(err, os.ErrPermission)', False),
    "not there, by errors.Is": ('_, err := os.ReadDir("/x")\nreturn errors.Is(err, os.ErrNotExist)', True),
    "a folder that cannot be read": ('_, err := os.ReadDir("/closed/")\nreturn os.IsPermission(err) && !os.IsNotExist(err)', True),
    "a file that cannot be read": ('_, err := os.ReadFile("/certs/closed.test/ca.crt")\nreturn errors.Is(err, os.ErrPermission)', True),
    "it lies in its folder": ('return names("/certs/closed.test")', "ca.crt "),
    "what cannot be read is there": ('found, _ := os.Stat("/closed")\nfile, _ := os.Stat("/certs/closed.test/ca.crt")\nreturn found.IsDir() && !file.IsDir()', True),
    "BuildKit refuses a root that cannot be read": ('return built("/certs/closed.test") == nil', True),
    "stat of a file": ('_, err := os.Stat("/certs/note")\nreturn err == nil', True),
    "stat of a folder": ('found, _ := os.Stat("/certs/reg.test")\nreturn found.IsDir()', True),
    "stat of nothing": ('_, err := os.Stat("/certs/reg.test/hosts.toml")\nreturn err == nil', False),
    "what is not there cannot be opened": ('_, err := os.Open("/certs/none")\nreturn os.IsNotExist(err)', True),
    "an ending": ('return filepath.Ext("/a.d/b.c.crt") + path.Ext("/a.d/b")', ".crt"),
    "the last part": ('return filepath.Base("/a/b/") + path.Base("c.key")', "bc.key"),
    "a pool is a set": ('return pool(x509.NewCertPool(), "/certs/reg.test/ca.crt", "/certs/reg.test/old/ca.crt").Equal(pool(x509.NewCertPool(), "/certs/reg.test/old/ca.crt", "/certs/reg.test/ca.crt", "/certs/reg.test/ca.crt"))', True),
    "an empty pool is not the system's": ("return x509.NewCertPool().Equal(system())", False),
    "another root, another pool": ('return pool(system(), "/certs/reg.test/ca.crt").Equal(system())', False),
    "the system's, by Docker's helper": ("found, _ := tlsconfig.SystemCertPool()\nreturn found.Equal(system())", True),
    "what is no certificate is not added": ('return pool(system(), "/certs/note", "/certs/reg.test/b.key").Equal(system())', True),
    "a copy of a pool is its own": ('a := system()\nb := a.Clone()\npool(a, "/certs/reg.test/ca.crt")\nreturn b.Equal(system())', True),
    "configurations share a pool": ('a := &tls.Config{RootCAs: x509.NewCertPool()}\nb := a.Clone()\npool(a.RootCAs, "/certs/reg.test/ca.crt")\nreturn a.RootCAs.Equal(b.RootCAs)', True),
    "a pair": ('return refused("/certs/reg.test/b.cert", "/certs/reg.test/b.key")', False),
    "a pair without its key": ('return refused("/certs/half.test/c.cert", "/certs/half.test/c.key")', True),
    "a key of another certificate": ('return refused("/certs/strange.test/c.cert", "/certs/strange.test/c.key")', True),
    "a key for a certificate": ('return refused("/certs/reg.test/b.key", "/certs/reg.test/b.key")', True),
    "containerd takes a host's roots": ('return settings("reg.test").RootCAs.Equal(pool(system(), "/certs/reg.test/ca.crt"))', True),
    "and its pairs": ('return len(settings("reg.test").Certificates)', 1),
    "and underscores for a port": ('return settings("ported.test:5000").RootCAs != nil', True),
    "not those of the bare name": ('return settings("ported.test").RootCAs != nil', False),
    "containerd refuses half of a pair": ('return settings("half.test") == nil', True),
    "BuildKit takes a folder's": ('return len(built("/certs/reg.test").Certificates)', 1),
    "BuildKit takes none for none": ('return built("/certs/none").RootCAs == nil', True),
    "BuildKit refuses half of a pair": ('return built("/certs/half.test") == nil', True),
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_it_shows(name: str) -> None:
    body, value = SHOWN[name]
    assert _run(body) == value


WITHOUT: dict[str, tuple[str, object]] = {
    "no folder": ('return names("/certs/reg.test")', "none"),
    "no root of all folders": ('return names("/")', "none"),
    "no settings of containerd's": ('return settings("reg.test").RootCAs == nil', True),
    "no settings of BuildKit's": ('return len(built("/certs/reg.test").Certificates)', 0),
}


@pytest.mark.parametrize("name", WITHOUT)
def test_without_files_nothing_is_there(name: str) -> None:
    body, value = WITHOUT[name]
    assert _run(body, {}) == value


UNKNOWN = {
    "who else is in a pool": "return len(system().Subjects())",
    "when a file was written": 'f, _ := os.Stat("/certs/note")\nreturn f.ModTime()',
    "what a folder's entry is in full": 'fs, _ := os.ReadDir("/certs")\nreturn fs[0].Info()',
    "a file that is opened": 'f, err := os.Open("/certs/note")\nreturn err == nil || f == nil',
    "two folders for BuildKit": 'm := map[string]bkconfig.RegistryConfig{"a": {TLSConfigDir: []string{"/a", "/b"}}}\nhosts, _ := resolver.NewRegistryConfig(m)("a")\nreturn hosts',
}  # fmt: skip


@pytest.mark.parametrize("body", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_not_known_is_said(body: str) -> None:
    with pytest.raises(UnsupportedError):
        _run(body)


def test_a_day_that_begins_leaves_files_as_they_are() -> None:
    machine = _machine('return names("/certs/half.test")')
    machine.library.world.reset()
    assert machine.call("f") == "c.cert "
