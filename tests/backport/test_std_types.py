"""What functions, methods and fields of the standard library take and are, as far as that is known."""

from __future__ import annotations

import pytest

from tests.backport.judged_types import reasons, reasons_in

TYPES = b"""package s

type Name string

type Lines []string

type Sink struct{ N int }

func (s *Sink) Write(p []byte) (int, error) { return 0, nil }

type Mode int
"""
IMPORTS = """import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"sort"
	"strings"
	"sync"
	"time"
)
"""
TAKES = (
    "n string, nm Name, b []byte, buf bytes.Buffer, l []string, req *http.Request, d time.Duration, t0 time.Time,"
    " wg *sync.WaitGroup, cmd *exec.Cmd, ctx context.Context, m Mode, many int, once sync.Once, x1 Lines"
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('buf.WriteString(b)', '`buf.WriteString` takes `string` as its argument 1 in the target, and is given `b`: it is `[]uint8`'),
        ('buf.Write(n)', '`buf.Write` takes `[]uint8` as its argument 1 in the target, and is given `n`: it is `string`'),
        ('strings.TrimSpace(b)', '`strings.TrimSpace` takes `string` as its argument 1 in the target, and is given `b`: it is `[]uint8`'),
        ('strings.Join(n, ",")', '`strings.Join` takes `[]string` as its argument 1 in the target, and is given `n`: it is `string`'),
        ('strings.Replace(n, "a", "b")', '`strings.Replace` takes 4 arguments in the target, 3 are given'),
        ('_ = strings.Split(n, ",") + n', '`strings.Split(n, ",")` stands where an operand of `+` is wanted in the target: it is `[]string`'),
        ('x := strings.Split(n, ","); buf.WriteString(x)', '`buf.WriteString` takes `string` as its argument 1 in the target, and is given `x`: it is `[]string`'),
        ('for _, x := range strings.Split(n, ",") { buf.Write(x) }', '`buf.Write` takes `[]uint8` as its argument 1 in the target, and is given `x`: it is `string`'),
        ('os.Remove(x1)', '`os.Remove` takes `string` as its argument 1 in the target, and is given `x1`: it is `s.Lines`'),
        ('f, err := os.Open(n); f.WriteString(b); _ = err', '`f.WriteString` takes `string` as its argument 1 in the target, and is given `b`: it is `[]uint8`'),
        ('f := os.Open(n); _ = f', '`os.Open` gives 2 results in the target, and 1 are taken'),
        ('req.Header.Set(n, b)', '`req.Header.Set` takes `string` as its argument 2 in the target, and is given `b`: it is `[]uint8`'),
        ('req.Header.Set(n)', '`req.Header.Set` takes 2 arguments in the target, 1 are given'),
        ('req.URL.Query().Get(3)', '`req.URL.Query().Get` takes `string` as its argument 1 in the target, and is given `3`: it is a numeric constant'),
        ('buf.WriteByte(n)', '`buf.WriteByte` takes `uint8` as its argument 1 in the target, and is given `n`: it is `string`'),
        ('io.Copy(Sink{}, &buf)', '`io.Copy` takes `io.Writer` as its argument 1 in the target, and is given `Sink{}`: it is `s.Sink`, whose method `Write` a pointer to it has'),
        ('io.Copy(n, &buf)', '`io.Copy` takes `io.Writer` as its argument 1 in the target, and is given `n`: it is `string`'),
        ('errors.New(n, n)', '`errors.New` takes 1 arguments in the target, 2 are given'),
        ('fmt.Fprintf(n, "x")', '`fmt.Fprintf` takes `io.Writer` as its argument 1 in the target, and is given `n`: it is `string`'),
        ('wg.Add(n)', '`wg.Add` takes `int` as its argument 1 in the target, and is given `n`: it is `string`'),
        ('time.Sleep(n)', '`time.Sleep` takes `time.Duration` as its argument 1 in the target, and is given `n`: it is `string`'),
        ('time.Now().Sub(d)', '`time.Now().Sub` takes `time.Time` as its argument 1 in the target, and is given `d`: it is `time.Duration`'),
        ('time.Since(n).Seconds(1)', '`time.Since` takes `time.Time` as its argument 1 in the target, and is given `n`: it is `string`'),
        ('t0.Add(n)', '`t0.Add` takes `time.Duration` as its argument 1 in the target, and is given `n`: it is `string`'),
        ('var e error = buf.String()', '`buf.String()` stands where `error` is wanted in the target: it is `string`'),
        ('return req.URL.Path + 1', '`1` stands where `string` is wanted in the target: it is a numeric constant'),
        ('return n + req.URL', '`req.URL` stands where an operand of `+` is wanted in the target: it is `*url.URL`'),
        ('cmd.Args = n', '`n` stands where `[]string` is wanted in the target: it is `string`'),
        ('cmd.Stdout = n', '`n` stands where `io.Writer` is wanted in the target: it is `string`'),
        ('context.WithTimeout(ctx, n)', '`context.WithTimeout` takes `time.Duration` as its argument 2 in the target, and is given `n`: it is `string`'),
        ('sort.Strings(nm)', '`sort.Strings` takes `[]string` as its argument 1 in the target, and is given `nm`: it is `s.Name`'),
        ('sort.Slice(nm)', '`sort.Slice` takes 2 arguments in the target, 1 are given'),
        ('os.OpenFile(n, os.O_RDWR, n)', '`os.OpenFile` takes `os.FileMode` as its argument 3 in the target, and is given `n`: it is `string`'),
        ('if strings.HasPrefix(n, "x") == n {}', '`==` cannot have `strings.HasPrefix(n, "x")`, which is `bool` and `n`, which is `string`, beside it in the target'),
        ('if strings.Index(n, "x") {}', '`strings.Index(n, "x")` stands where a condition is wanted in the target: it is `int`'),
        ('once.Do(func() error { return nil })', '`once.Do` takes `func` as its argument 1 in the target, and is given `func() error { return nil }`: it is `func`'),
    ],
)  # fmt: skip
def test_what_go_itself_does_not_take(body: str, reason: str) -> None:
    assert reason in reasons_in(TYPES, body, TAKES, imports=IMPORTS)


@pytest.mark.parametrize(
    "body",
    [
        'buf.WriteString(n)',
        'buf.Write([]byte(n)); buf.Write(b)',
        'x := strings.Split(n, ","); buf.WriteString(x[0])',
        'for _, x := range strings.Split(n, ",") { buf.WriteString(x) }',
        'strings.TrimSpace("x" + n)',
        'strings.Join(l, ",")',
        'fmt.Sprintf(n, 1, n, nil, l)',
        'fmt.Fprintf(&buf, "x", l)',
        'fmt.Fprint(os.Stderr, n)',
        'io.Copy(&Sink{}, &buf)',
        'io.Copy(os.Stdout, req.Body)',
        'f, err := os.OpenFile(n, os.O_CREATE|os.O_RDWR, 0600); defer f.Close(); _ = err',
        'time.Sleep(3 * time.Second)',
        'time.Sleep(time.Duration(m) * time.Millisecond)',
        'time.Sleep(d)',
        't0.Add(-d)',
        't0.Sub(time.Now())',
        'cmd.Stdout = &buf; cmd.Args = append(cmd.Args, n); cmd.Env = os.Environ()',
        'ctx, cancel := context.WithTimeout(ctx, time.Minute); defer cancel()',
        'http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(n)); w.WriteHeader(http.StatusOK) })',
        'http.Error(nil, n, http.StatusNotFound)',
        'if err := os.Remove(n); err == io.EOF || errors.Is(err, os.ErrNotExist) { _ = err.Error() }',
        'sort.Slice(l, func(i, j int) bool { return l[i] < l[j] })',
        'sort.Strings(l)',
        'sort.Sort(sort.StringSlice(l))',
        'strings.NewReplacer("a", "b").Replace(n)',
        'strings.NewReader(n).Read(b)',
        'once.Do(func() {})',
        'u, _ := url.Parse(n); u.Path = n; u.RawQuery = url.Values{}.Encode()',
        'errors.As(nil, &l)',
        'fi, _ := os.Stat(n); if fi.IsDir() || fi.Size() > 3 || fi.Mode()&os.ModeSymlink != 0 {}',
        'os.Chmod(n, os.FileMode(0600)); os.MkdirAll(n, 0o700)',
        'fmt.Println(strings.Count(n, "x") + many)',
        'strings.Map(func(r rune) rune { return r }, n)',
        '_ = strings.TrimSpace',
        'var f func(string) string = strings.ToLower; f(n)',
        'select { case <-time.After(d): case <-ctx.Done(): }',
        'req.Header["X"] = []string{n}; req.Header.Add("X", n)',
        'http.DefaultClient.Do(req)',
        'io.Copy(struct{ io.Writer }{}, &buf)',
        'io.WriteString(&buf, string(b))',
        'strings.Repeat(n, len(n)-1)',
        'strings.Repeat(n, int(m))',
        'os.Exit(map[bool]int{}[true])',
        'bytes.NewBuffer(nil).String(); bytes.NewReader(b).Len()',
        'exec.Command(n, l...).Run(); exec.Command(n).CombinedOutput()',
        'wg.Add(1); go func() { wg.Done() }()',
    ],
)  # fmt: skip
def test_what_it_takes(body: str) -> None:
    assert reasons_in(TYPES, body, TAKES, imports=IMPORTS) == []


@pytest.mark.parametrize(
    "body",
    [
        "b.WriteString(x)",
        "b.Other(1, 2)",
        "strings.Other(x)",
        "slices.Sort(x)",
        "other.TrimSpace(x)",
    ],
)
def test_what_is_not_known_passes(body: str) -> None:
    imports = 'import (\n\t"slices"\n\t"strings"\n\n\t"example.org/other"\n)\n'
    assert reasons_in(TYPES, body, "x []byte, b strings.Other", imports=imports) == []


def test_a_package_that_the_source_holds_itself_is_read_there() -> None:
    user = b'package s\n\nimport "strings"\n\nfunc f(x []byte) { strings.TrimSpace(x) }\n'
    own = b"package strings\n\nfunc TrimSpace(x []byte) {}\n"
    assert reasons({"s/f.go": user, "vendor/strings/s.go": own}, "s/f.go") == []


EMBEDDING = b"""package s

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"sync"
)

type Locked struct{ sync.Mutex }

type Deep struct{ *Locked }

type Both struct {
	sync.Mutex
	*sync.RWMutex
}

type Reads struct{ io.Reader }

type Closes interface {
	io.Reader
	io.Closer
}

type Flushes struct{}

func (f Flushes) Flush() error { return nil }

type Lines struct {
	*bufio.ReadWriter
	Flushes
}

type Wrapped struct{ net.Conn }

func (w Wrapped) CloseWrite() error { return nil }

type Buffered struct{ bytes.Buffer }

type Odd struct{}

func (o Odd) Read(n int) error { return nil }

func closing(c io.Closer, r io.Reader) {}
"""
HELD = "l Locked, d *Deep, b Both, r Reads, c Closes, ls Lines, w Wrapped, o Odd, buf *Buffered, err error, cond *sync.Cond, rd io.Reader, t *time.Ticker, req *http.Request, res *http.Response"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("l.RLock()", "`s.Locked` has no field or method `RLock`"),
        ("l.Add(1)", "`s.Locked` has no field or method `Add`"),
        ("d.RLock()", "`*s.Deep` has no field or method `RLock`"),
        ("l.Mutex.RLock()", "`sync.Mutex` has no field or method `RLock`"),
        ("b.Lock()", "may be that of `sync.Mutex` and `sync.RWMutex`"),
        ("r.Close()", "`s.Reads` has no field or method `Close`"),
        ("c.Write(nil)", "`s.Closes` has no field or method `Write`"),
        ("rd.Close()", "`io.Reader` has no field or method `Close`"),
        ("w.CloseRead()", "`s.Wrapped` has no field or method `CloseRead`"),
        ("buf.Write(err.Error())", "`buf.Write` takes `[]uint8` as its argument 1"),
        ("buf.Truncate()", "`buf.Truncate` takes 1 arguments"),
        ("cond.L.RLock()", "`sync.Locker` has no field or method `RLock`"),
        ("err.Unwrap()", "`error` has no field or method `Unwrap`"),
        ("t.Closed()", "`*time.Ticker` has no field or method `Closed`"),
        ("_ = res.URL", "`*http.Response` has no field or method `URL`"),
        ("_ = req.TLS.Stated", "`*tls.ConnectionState` has no field or method `Stated`"),
        ("closing(rd, rd)", "it is `io.Reader`, without a method `Close`"),
        ("closing(c, o)", "it is `s.Odd`, whose method `Read` takes or gives other types"),
        ("_ = http.Request{Status: err.Error()}", "`http.Request` has no field `Status`"),
        ("_ = &http.Request{Method: 3}", "`3` stands where `string` is wanted"),
    ],
)  # fmt: skip
def test_what_a_type_of_go_has_not(body: str, reason: str) -> None:
    (found,) = _held(body)
    assert reason in found


@pytest.mark.parametrize(
    "body",
    [
        "l.Lock(); l.Mutex.Unlock(); d.Lock(); l.TryLock()",
        "b.RLock(); b.Mutex.Lock(); b.RWMutex.Lock()",
        "r.Read(nil); c.Read(nil); c.Close(); w.CloseWrite(); w.Close()",
        "ls.Flush(); ls.ReadString(1); ls.Writer.Flush()",
        "buf.WriteString(err.Error()); buf.Truncate(1); buf.Buffer.Reset()",
        "cond.L.Lock(); cond.Wait(); t.Stop(); <-t.C; <-req.Context().Done()",
        "_ = res.Request.URL.Path; _ = req.Cancel; _ = res.Header",
        "closing(c, c); closing(w, w); closing(nil, buf)",
        "_ = http.Request{Method: err.Error(), URL: req.URL}; _ = sync.Mutex{}; _ = http.Header{err.Error(): nil}",
        "var p sync.Other; p.Lock(); var z other.Type; z.Lock(); _ = http.Other{Any: 1}",
    ],
)
def test_what_a_type_of_go_has_or_may_have(body: str) -> None:
    assert _held(body) == []


def _held(body: str) -> list[str]:
    return reasons_in(EMBEDDING, body, HELD, imports=IMPORTS)
