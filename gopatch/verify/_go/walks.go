package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"
)

// gopatchDoors are the daemon's own functions, by the road that each of them opens; an init function beside
// this file fills it. "service" makes the registry service, "flags" registers the flags, "flagset" and
// "config" make what these want, "merge" and "read" read a daemon.json, "reload" takes it over.
var gopatchDoors = map[string]interface{}{}

// gopatchGiven are values that have to be spelled differently from one source to the next.
var gopatchGiven = []interface{}{io.Discard}

// gopatchOfDaemon are values that a daemon has besides its service and its configuration.
var gopatchOfDaemon []interface{}

// gopatchVisit is one question. Roads to a registry have a server; a start has arguments, daemon.json and
// reloads of it.
type gopatchVisit struct {
	Road   string        `json:"road"`
	Case   gopatchCase   `json:"case"`
	Turned bool          `json:"turned"` // the option comes by a reload
	Hub    bool          `json:"hub"`    // the hosts of Docker Hub are asked for, of which the server is one
	Manner gopatchManner `json:"manner"`
	Steps  []gopatchStep `json:"steps"`
	Start  *struct {
		Arguments []string `json:"arguments"`
		File      string   `json:"file"`
		Reloads   []string `json:"reloads"`
		Hosts     []string `json:"hosts"`
	} `json:"start"`
}

// gopatchStep is one request of a client that lives on.
type gopatchStep struct {
	Manner gopatchManner `json:"manner"`
	Body   string        `json:"body"`
	Once   bool          `json:"once"` // the body cannot be read again
	Turn   *bool         `json:"turn"`
	GaveUp bool          `json:"gave_up"`
}

// gopatchSeenThere is what came of a visit, or of a step of it.
type gopatchSeenThere struct {
	Error   string                    `json:"error"`
	Log     []string                  `json:"log"`
	Bodies  []string                  `json:"bodies"`
	Told    string                    `json:"told"` // the Location of a response
	Asked   string                    `json:"asked"`
	Lookups map[string][]string       `json:"lookups"`
	Info    []string                  `json:"info"`   // the warnings of docker info
	Untold  string                    `json:"untold"` // why there is none of it
	Late    bool                      `json:"late"`   // the lookups changed in the background
	Busy    bool                      `json:"busy"`   // what goes on in the background is not done yet
	Flags   map[string]gopatchFlagged `json:"flags"`
	Steps   []gopatchSeenThere        `json:"steps"`
}

// gopatchFlagged is what the flags say of themselves.
type gopatchFlagged struct {
	Default string `json:"default"`
	Usage   string `json:"usage"`
}

const (
	gopatchPatience = 16 * time.Second        // a handshake that nobody answers ends after ten
	gopatchMoment   = 1500 * time.Millisecond // for one request of a client that lives on
	gopatchMost     = 8 * time.Second         // for it on a machine that is busy, less than a handshake has
	gopatchBeats    = 64                      // that a limit is waited for in
	gopatchPause    = 200 * time.Millisecond  // for what a reload does in the background
	gopatchLonger   = 5 * time.Second         // where nothing has come of one yet
)

// gopatchWait is for how long all starts together wait for what is done in the background.
var gopatchWait = 2 * gopatchLonger

func TestGopatchRoads(t *testing.T) {
	data, err := os.ReadFile(os.Getenv("GOPATCH_CASES"))
	if err != nil {
		t.Fatal(err)
	}
	var visits []gopatchVisit
	if err := json.Unmarshal(data, &visits); err != nil {
		t.Fatal(err)
	}
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: gopatchDNS}
	var direct []string
	for _, visit := range visits {
		if visit.Manner.HTTPS.Kind != "proxy" {
			direct = append(direct, visit.Manner.name())
		}
	}
	gopatchOnTheWay.listen(direct)
	authority := gopatchAuthority(t)
	seen := make([]gopatchSeenThere, len(visits))
	var wait sync.WaitGroup
	gopatchDockerProxy(t.TempDir())
	for i := range visits {
		if visits[i].Start != nil {
			// What it logs is told apart by these lines, so one comes after the other.
			fmt.Fprintf(os.Stderr, "\ngopatch-visit %d\n", i)
			seen[i] = gopatchGo(visits[i], authority, i, t.TempDir())
		}
	}
	fmt.Fprintf(os.Stderr, "\ngopatch-visit end\n")
	for i := range visits {
		if visits[i].Start == nil {
			wait.Add(1)
			folder := t.TempDir()
			go func(i int) {
				defer wait.Done()
				seen[i] = gopatchGo(visits[i], authority, i, folder)
			}(i)
		}
	}
	wait.Wait()
	data, err = json.Marshal(seen)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("GOPATCH_ANSWERS"), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// gopatchDockerProxy puts a docker-proxy on PATH: from v25 on a daemon.json is refused where there is none.
func gopatchDockerProxy(folder string) {
	if err := os.WriteFile(filepath.Join(folder, "docker-proxy"), []byte("#!/bin/sh\n"), 0o755); err != nil {
		panic(err)
	}
	os.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
}

func gopatchGo(visit gopatchVisit, authority *gopatchCA, number int, folder string) (seen gopatchSeenThere) {
	defer func() {
		if problem := recover(); problem != nil {
			seen.Error = gopatchCrash(problem)
		}
	}()
	if visit.Start != nil {
		return gopatchInTime(func() gopatchSeenThere { return gopatchStart(visit, number, folder) })
	}
	server := gopatchServe(visit.Manner, authority)
	defer server.close()
	one := visit.Case
	for i, listed := range one.Insecure {
		one.Insecure[i] = strings.Replace(listed, "HOST", server.address(), 1)
	}
	for i, mirror := range one.Mirrors {
		one.Mirrors[i] = strings.Replace(mirror, "HOST", server.address(), 1)
	}
	wanted := one.Accept
	one.Accept = one.Accept != visit.Turned
	service := gopatchServiceOf(one)
	if err, failed := service.(error); failed {
		seen.Error = err.Error()
		return seen
	}
	life := gopatchLife{service: service, folder: folder, listed: one.Insecure}
	if len(visit.Steps) > 0 || visit.Turned {
		life.begin(one)
	}
	if visit.Turned {
		life.turn(wanted)
	}
	if len(visit.Steps) > 0 {
		seen.Steps = gopatchAskAgain(visit, server, &life)
		return seen
	}
	ctx, cancel := gopatchWithin(gopatchPatience, 10*gopatchPatience)
	defer cancel()
	seen = gopatchInTime(func() gopatchSeenThere {
		return gopatchSeenThere{Error: gopatchWalk(visit.Road, ctx, server.address(), life)}
	})
	server.lock.Lock()
	defer server.lock.Unlock()
	seen.Log = append([]string{}, server.log...)
	return seen
}

// gopatchCrash says what a function that has recovered was told, and in which function that was.
func gopatchCrash(problem interface{}) string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	place, thrown := "", false
	for more := true; more && place == ""; {
		var frame runtime.Frame
		frame, more = frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") && thrown {
			place = frame.Function[strings.LastIndex(frame.Function, "/")+1:]
		}
		thrown = thrown || frame.Function == "runtime.gopanic"
	}
	return fmt.Sprintf("panic: %v in %s", problem, place)
}

// gopatchInTime does not wait for what has no end.
func gopatchInTime(do func() gopatchSeenThere) gopatchSeenThere {
	done := make(chan gopatchSeenThere, 1)
	go func() {
		defer func() {
			if problem := recover(); problem != nil {
				done <- gopatchSeenThere{Error: gopatchCrash(problem)}
			}
		}()
		done <- do()
	}()
	ctx, cancel := gopatchWithin(2*gopatchPatience, 20*gopatchPatience)
	defer cancel()
	select {
	case seen := <-done:
		return seen
	case <-ctx.Done():
		return gopatchSeenThere{Error: "no end"}
	}
}

// gopatchLimit is a context whose time is counted in beats: on a machine that has no time for this process
// a beat comes late, and so does the end of what is waited for.
type gopatchLimit struct {
	context.Context
	latest time.Time
	done   chan struct{}
	lock   sync.Mutex
	err    error
}

// Deadline is when it ends at the latest: who asks is told that there is one.
func (l *gopatchLimit) Deadline() (time.Time, bool) { return l.latest, true }

func (l *gopatchLimit) Done() <-chan struct{} { return l.done }

func (l *gopatchLimit) Err() error {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.err
}

func (l *gopatchLimit) end(err error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.err == nil {
		l.err = err
		close(l.done)
	}
}

// gopatchWithin ends as a deadline does, by the clock not after `most`.
func gopatchWithin(limit, most time.Duration) (context.Context, context.CancelFunc) {
	made := &gopatchLimit{Context: context.Background(), latest: time.Now().Add(most), done: make(chan struct{})}
	go func() {
		for beat := 0; beat < gopatchBeats && time.Now().Before(made.latest); beat++ {
			select {
			case <-made.done:
				return
			case <-time.After(limit / gopatchBeats):
			}
		}
		made.end(context.DeadlineExceeded)
	}()
	return made, func() { made.end(context.Canceled) }
}

// gopatchWalk goes a road once, and gives the error of it.
func gopatchWalk(road string, ctx context.Context, address string, life gopatchLife) string {
	if again := road == "plugin again"; again || road == "plugin" {
		// The second time only hosts without TLS are asked for.
		out := gopatchEnter(gopatchDoors["plugin"], address, life.service, again)
		return gopatchResolveBy(ctx, out, address)
	}
	text := address + "/app/image"
	if road == "ping" {
		text = address
	}
	out := gopatchEnter(gopatchDoors[road], text, ctx, life.service, life.daemon, life.listed)
	if err := gopatchError(out); err != nil {
		return err.Error()
	}
	return ""
}

// gopatchResolveBy asks the hosts of a plugin one after the other, as containerd does, whatever they answer.
func gopatchResolveBy(ctx context.Context, out []reflect.Value, address string) string {
	last := "no hosts"
	for _, host := range gopatchHosts(out, address) {
		client, _ := host.FieldByName("Client").Interface().(*http.Client)
		url := host.FieldByName("Scheme").String() + "://" + host.FieldByName("Host").String() + "/v2/app/manifests/latest"
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err.Error()
		}
		request.SetBasicAuth("someone", "password")
		response, err := client.Do(request)
		if err != nil {
			last = err.Error()
			continue
		}
		response.Body.Close()
		if last = response.Status; response.StatusCode == http.StatusOK {
			return ""
		}
	}
	return last
}

// gopatchHosts are the hosts that a function gives, or that the function gives that it gives.
func gopatchHosts(out []reflect.Value, address string) (hosts []reflect.Value) {
	if err := gopatchError(out); err != nil {
		panic(err)
	}
	found := out[0]
	for found.Kind() == reflect.Func {
		text := address
		if found.Type().Out(0).Kind() == reflect.Struct {
			text += "/app/image:latest" // it wants a reference
		}
		out = found.Call([]reflect.Value{reflect.ValueOf(text)})
		if err := gopatchError(out); err != nil {
			panic(err)
		}
		found = out[0]
	}
	if found.Kind() == reflect.Struct {
		return []reflect.Value{found}
	}
	for i := 0; i < found.Len(); i++ {
		hosts = append(hosts, found.Index(i))
	}
	return hosts
}

// A daemon that lives on -----------------------------------------------------------------------

type gopatchLife struct {
	service interface{}
	daemon  interface{}
	config  reflect.Value
	flags   interface{}
	folder  string
	listed  []string
	loads   int
}

// begin makes a daemon with a configuration, as far as the roads want one.
func (l *gopatchLife) begin(one gopatchCase) {
	if gopatchDoors["reload"] == nil && gopatchDoors["hosts"] == nil {
		return
	}
	l.config = gopatchConfig()
	if options := gopatchInside(l.config, reflect.TypeOf(gopatchDoors["service"]).In(0)); options.IsValid() {
		made, _ := gopatchOptions(options.Type(), one)
		options.Set(made)
	}
	l.daemon = gopatchDaemon(l.service, l.config)
}

// turn reloads, and waits for what comes of it in the lookups.
func (l *gopatchLife) turn(on bool) {
	hosts := []string{"unlisted.test"}
	before := gopatchLookups(l.service, hosts)
	if err := l.reload(fmt.Sprintf(`{"accept-insecure-registry": %t}`, on)); err != "" {
		panic("a reload that turns the option fails: " + err)
	}
	end := time.Now().Add(gopatchLonger)
	for reflect.DeepEqual(gopatchLookups(l.service, hosts), before) && time.Now().Before(end) {
		time.Sleep(5 * time.Millisecond)
	}
	time.Sleep(gopatchPause)
}

// reload takes a daemon.json over, and gives the error of it.
func (l *gopatchLife) reload(text string) (failed string) {
	var conf reflect.Value
	if gopatchDoors["read"] == nil {
		conf = gopatchConfig()
		if err := gopatchDecode(text, conf); err != nil {
			return err.Error()
		}
		return gopatchText(gopatchEnter(gopatchDoors["reload"], "", l.daemon, conf.Interface()))
	}
	l.loads++
	file := filepath.Join(l.folder, fmt.Sprintf("daemon-%d.json", l.loads))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		panic(err)
	}
	if l.flags == nil {
		l.flags = gopatchFlagSet(gopatchConfig())
	}
	// The reader hands its configuration to a function, which takes it over.
	kind := reflect.TypeOf(gopatchDoors["read"])
	took := reflect.MakeFunc(kind.In(kind.NumIn()-1), func(in []reflect.Value) []reflect.Value {
		failed = gopatchText(gopatchEnter(gopatchDoors["reload"], "", l.daemon, in[0].Interface()))
		return nil
	})
	if text := gopatchText(gopatchEnter(gopatchDoors["read"], file, l.flags, took.Interface())); text != "" {
		return text
	}
	return failed
}

// gopatchDecode reads a daemon.json where the source has no reader of its own.
func gopatchDecode(text string, conf reflect.Value) error {
	if err := json.Unmarshal([]byte(text), conf.Interface()); err != nil {
		return err
	}
	var keys map[string]interface{}
	if err := json.Unmarshal([]byte(text), &keys); err != nil {
		return err
	}
	if set := gopatchInside(conf, reflect.TypeOf(keys)); set.IsValid() {
		set.Set(reflect.ValueOf(keys))
	}
	return nil
}

// gopatchDaemon is a daemon that has nothing but its service and its configuration.
func gopatchDaemon(service interface{}, conf reflect.Value) interface{} {
	kind := gopatchDaemonKind()
	made := reflect.New(kind)
	gopatchFill(made.Elem(), append([]interface{}{service, conf.Interface()}, gopatchOfDaemon...))
	store := made.Elem().FieldByName("configStore")
	if store.IsValid() && store.Kind() == reflect.Struct {
		// An atomic pointer to a struct that has the configuration in it.
		store = gopatchReach(store)
		held := reflect.New(store.Addr().MethodByName("Store").Type().In(0).Elem())
		if place := gopatchInside(held, conf.Elem().Type()); place.IsValid() {
			place.Set(conf.Elem())
		}
		store.Addr().MethodByName("Store").Call([]reflect.Value{held})
	}
	return made.Interface()
}

func gopatchDaemonKind() reflect.Type {
	for _, door := range []string{"reload", "info", "hosts"} {
		if gopatchDoors[door] != nil {
			return reflect.TypeOf(gopatchDoors[door]).In(0).Elem()
		}
	}
	panic("there is no daemon")
}

func gopatchConfig() reflect.Value {
	if made := gopatchDoors["config"]; made != nil {
		out := reflect.ValueOf(made).Call(nil)
		if err := gopatchError(out); err != nil {
			panic(err)
		}
		return out[0]
	}
	return reflect.New(reflect.TypeOf(gopatchDoors["options"]).Elem())
}

func gopatchFlagSet(conf reflect.Value) interface{} {
	flags := gopatchEnter(gopatchDoors["flagset"], "gopatch")[0].Interface()
	if process := gopatchDoors["command line"]; process != nil {
		reflect.ValueOf(process).Elem().Set(reflect.ValueOf(flags))
	}
	if problem := gopatchText(gopatchEnter(gopatchDoors["flags"], "", flags, conf.Interface(), gopatchOptionsIn(conf))); problem != "" {
		panic(problem)
	}
	return flags
}

// gopatchOptionsIn is a pointer to the options of a configuration, or the configuration.
func gopatchOptionsIn(conf reflect.Value) interface{} {
	kind := reflect.TypeOf(gopatchDoors["service"]).In(0)
	if kind.Kind() == reflect.Ptr {
		kind = kind.Elem()
	}
	if found := gopatchInside(conf, kind); found.IsValid() {
		return found.Addr().Interface()
	}
	return conf.Interface()
}

// gopatchStart starts a registry service by arguments and daemon.json, and reloads it.
func gopatchStart(visit gopatchVisit, number int, folder string) (seen gopatchSeenThere) {
	start := visit.Start
	conf := gopatchConfig()
	life := gopatchLife{folder: folder}
	life.flags = gopatchFlagSet(conf)
	flags := reflect.ValueOf(life.flags)
	seen.Flags = gopatchFlags(flags)
	if problem := gopatchText(flags.MethodByName("Parse").Call([]reflect.Value{reflect.ValueOf(append([]string{}, start.Arguments...))})); problem != "" {
		seen.Error = "arguments: " + problem
		return seen
	}
	if start.File != "" {
		var problem string
		if conf, problem = gopatchMerge(&life, conf, start.File); problem != "" {
			seen.Error = "daemon.json: " + problem
			return seen
		}
	}
	fmt.Fprintf(os.Stderr, "\ngopatch-visit %d.0\n", number)
	before := runtime.NumGoroutine()
	out := gopatchEnter(gopatchDoors["service"], "", gopatchOptionsIn(conf))
	seen.Busy = gopatchBusy(before)
	if problem := gopatchText(out); problem != "" {
		seen.Error = "service: " + problem
		return seen
	}
	life.service, life.config = out[0].Interface(), conf
	seen.Lookups = gopatchLookups(life.service, start.Hosts)
	if gopatchDoors["info"] == nil && len(start.Reloads) == 0 {
		return seen
	}
	life.daemon = gopatchDaemon(life.service, conf)
	seen.Info, seen.Untold = life.info()
	for step, text := range start.Reloads {
		fmt.Fprintf(os.Stderr, "\ngopatch-visit %d.%d\n", number, step+1)
		one := life.reloaded(text, start.Hosts)
		one.Info, one.Untold = life.info()
		seen.Steps = append(seen.Steps, one)
	}
	return seen
}

// reloaded is what the lookups are after a reload, and whether they were others before all was done that it
// has left to be done in the background: until then that has no processor.
func (l *gopatchLife) reloaded(text string, hosts []string) (seen gopatchSeenThere) {
	before, processors := runtime.NumGoroutine(), runtime.GOMAXPROCS(1)
	seen.Error = l.reload(text)
	first, busy := gopatchLookups(l.service, hosts), runtime.NumGoroutine() > before
	runtime.GOMAXPROCS(processors)
	seen.Busy = busy && gopatchBusy(before)
	seen.Lookups = gopatchLookups(l.service, hosts)
	seen.Late = !reflect.DeepEqual(seen.Lookups, first)
	return seen
}

// gopatchBusy waits for what goes on in the background, and tells whether it still does.
func gopatchBusy(before int) bool {
	for runtime.NumGoroutine() > before && gopatchWait > 0 {
		time.Sleep(time.Millisecond)
		gopatchWait -= time.Millisecond
	}
	return runtime.NumGoroutine() > before
}

// info is what docker info warns of, nil and the reason where this wants more of a daemon than there is.
func (l *gopatchLife) info() (warnings []string, crash string) {
	defer func() {
		if problem := recover(); problem != nil {
			warnings, crash = nil, gopatchCrash(problem)
		}
	}()
	door := gopatchDoors["info"]
	if door == nil {
		return nil, ""
	}
	if _, warns := reflect.TypeOf(door).Out(0).Elem().FieldByName("Warnings"); !warns {
		return nil, ""
	}
	found := reflect.Indirect(gopatchEnter(door, "", l.daemon, context.Background())[0])
	return append([]string{}, found.FieldByName("Warnings").Interface().([]string)...), ""
}

func gopatchFlags(flags reflect.Value) map[string]gopatchFlagged {
	found := map[string]gopatchFlagged{}
	for _, name := range []string{"accept-insecure-registry", "-accept-insecure-registry"} {
		flag := flags.MethodByName("Lookup").Call([]reflect.Value{reflect.ValueOf(name)})[0]
		if !flag.IsNil() {
			flag = flag.Elem()
			found["accept-insecure-registry"] = gopatchFlagged{flag.FieldByName("DefValue").String(), flag.FieldByName("Usage").String()}
		}
	}
	return found
}

func gopatchMerge(life *gopatchLife, conf reflect.Value, text string) (reflect.Value, string) {
	if gopatchDoors["merge"] == nil {
		if err := gopatchDecode(text, conf); err != nil {
			return conf, err.Error()
		}
		return conf, ""
	}
	file := filepath.Join(life.folder, "daemon.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		panic(err)
	}
	out := gopatchEnter(gopatchDoors["merge"], file, life.flags, conf.Interface())
	return out[0], gopatchText(out)
}

func gopatchLookups(service interface{}, hosts []string) map[string][]string {
	found := map[string][]string{}
	for _, host := range hosts {
		lines := []string{}
		if gopatchDoors["ping"] != nil {
			// What a ping ends with tells whether HTTP was tried: nobody has these names.
			for _, value := range gopatchEnter(gopatchDoors["ping"], host, service) {
				lines = append(lines, fmt.Sprint(value))
			}
			found[host] = lines
			continue
		}
		for _, endpoint := range gopatchLookup(reflect.ValueOf(service), "LookupPullEndpoints", host).Endpoints {
			line := fmt.Sprintf("v%d %s", endpoint.Version, endpoint.URL)
			if endpoint.SkipVerify {
				line += " InsecureSkipVerify"
			}
			lines = append(lines, line)
		}
		found[host] = lines
	}
	return found
}

// A client that lives on -----------------------------------------------------------------------

// gopatchAskAgain gives a client of the hosts one request after the other.
func gopatchAskAgain(visit gopatchVisit, server *gopatchServer, life *gopatchLife) (steps []gopatchSeenThere) {
	address := server.address()
	name := address
	if visit.Hub {
		name = "docker.io"
	}
	client, scheme := gopatchClient(gopatchEnter(gopatchDoors[visit.Road], name, life.daemon, life.service), name, address)
	for _, step := range visit.Steps {
		if step.Turn != nil {
			life.turn(*step.Turn)
		}
		server.lock.Lock()
		server.manner, server.log, server.bodies = step.Manner, nil, nil
		server.lock.Unlock()
		steps = append(steps, gopatchAskOnce(client, scheme, step, server))
	}
	return steps
}

func gopatchAskOnce(client *http.Client, scheme string, step gopatchStep, server *gopatchServer) (seen gopatchSeenThere) {
	ctx, cancel := gopatchWithin(gopatchMoment, gopatchMost)
	defer cancel()
	if step.GaveUp {
		cancel()
	}
	var body io.Reader
	method := http.MethodGet
	if step.Body != "" {
		method, body = http.MethodPut, strings.NewReader(step.Body)
		if step.Once {
			body = io.MultiReader(body)
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, scheme+"://"+server.address()+"/v2/", body)
	if err != nil {
		panic(err)
	}
	request.ContentLength = int64(len(step.Body))
	request.SetBasicAuth("someone", "password")
	response, err := client.Do(request)
	if err != nil {
		seen.Error = err.Error()
	} else {
		seen.Told = response.Header.Get("Location")
		seen.Asked = response.Request.URL.Scheme + "://" + response.Request.URL.Host
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	server.lock.Lock()
	defer server.lock.Unlock()
	seen.Log, seen.Bodies = append([]string{}, server.log...), append([]string{}, server.bodies...)
	return seen
}

// gopatchClient is the client of the registry's own host, and the scheme that it is asked over.
func gopatchClient(out []reflect.Value, name, address string) (*http.Client, string) {
	for _, host := range gopatchHosts(out, name) {
		if name := host.FieldByName("Host"); name.Kind() == reflect.String && name.String() != address {
			continue
		}
		client, _ := host.FieldByName("Client").Interface().(*http.Client)
		if client == nil {
			client = http.DefaultClient
		}
		// A redirect is the caller's to follow.
		own := *client
		own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		scheme := "https"
		if told := host.FieldByName("Scheme"); told.Kind() == reflect.String && told.String() != "" {
			scheme = told.String()
		} else if plain := host.FieldByName("PlainHTTP"); plain.Kind() == reflect.Bool && plain.Bool() {
			scheme = "http"
		}
		return &own, scheme
	}
	panic("none of the hosts is the registry's own")
}

// Values by their types ------------------------------------------------------------------------

// gopatchEnter calls a function, whose parameters get what their types ask for.
func gopatchEnter(door interface{}, text string, known ...interface{}) []reflect.Value {
	function := reflect.ValueOf(door)
	in := make([]reflect.Value, function.Type().NumIn())
	if function.Type().IsVariadic() {
		in = in[:len(in)-1]
	}
	for i := range in {
		kind := function.Type().In(i)
		in[i] = gopatchValue(kind, text, known)
		if kind.Kind() == reflect.String {
			text = "latest" // an image comes before its tag
		}
	}
	return function.Call(in)
}

func gopatchValue(kind reflect.Type, text string, known []interface{}) reflect.Value {
	if found, ok := gopatchKnown(kind, known); ok {
		return found
	}
	switch {
	case kind.Kind() == reflect.String:
		return reflect.ValueOf(text).Convert(kind)
	case kind.Kind() == reflect.Interface && gopatchShape.named != nil && gopatchShape.named(text).Type().AssignableTo(kind):
		return gopatchShape.named(text)
	case kind.Kind() == reflect.Interface && gopatchShape.tagged != nil && gopatchShape.tagged(text).Type().AssignableTo(kind):
		return gopatchShape.tagged(text)
	case kind.Kind() == reflect.Func:
		return gopatchIdle(kind)
	case kind.Kind() == reflect.Ptr && kind.Elem().Kind() == reflect.Struct:
		made := reflect.New(kind.Elem())
		gopatchFill(made.Elem(), append(append([]interface{}{}, known...), gopatchUser(text)))
		return made
	case kind.Kind() == reflect.Struct:
		made := reflect.New(kind)
		gopatchFill(made.Elem(), known)
		return made.Elem()
	}
	return reflect.Zero(kind)
}

type gopatchUser string

// gopatchKnown is the first of the known values that will do.
func gopatchKnown(kind reflect.Type, known []interface{}) (reflect.Value, bool) {
	if kind.Kind() == reflect.Interface && kind.NumMethod() == 0 {
		return reflect.Value{}, false
	}
	for _, one := range append(append([]interface{}{}, known...), gopatchGiven...) {
		if one == nil {
			continue
		}
		value := reflect.ValueOf(one)
		switch {
		case value.Type().AssignableTo(kind):
			return value, true
		case value.Kind() == reflect.Ptr && value.Type().Elem() == kind && !value.IsNil():
			return value.Elem(), true
		}
	}
	return reflect.Value{}, false
}

// gopatchFill sets the fields of a struct for which a value is known, and credentials.
func gopatchFill(place reflect.Value, known []interface{}) {
	for i := 0; i < place.NumField(); i++ {
		field := gopatchReach(place.Field(i))
		kind := field.Type()
		if kind.Kind() == reflect.Ptr || kind.Kind() == reflect.Interface || kind.Kind() == reflect.Map {
			if found, ok := gopatchKnown(kind, known); ok {
				field.Set(found)
			} else if gopatchIsUser(kind) {
				field.Set(gopatchCredentials(kind, known))
			} else if kind.Kind() == reflect.Map && field.IsNil() {
				field.Set(gopatchMap(kind, known))
			}
			continue
		}
		switch kind.Kind() {
		case reflect.Func:
			field.Set(gopatchIdle(kind))
		case reflect.Struct:
			gopatchFill(field, known)
		}
	}
}

// gopatchMap is empty, but for one of images by name and tag: that has the image which is asked for.
func gopatchMap(kind reflect.Type, known []interface{}) reflect.Value {
	made := reflect.MakeMap(kind)
	tags := kind.Elem()
	if kind.Key().Kind() != reflect.String || tags.Kind() != reflect.Map || tags.Key().Kind() != reflect.String || tags.Elem().Kind() != reflect.String {
		return made
	}
	for _, one := range known {
		if text, ok := one.(gopatchUser); ok {
			own := reflect.MakeMap(tags)
			own.SetMapIndex(reflect.ValueOf("latest").Convert(tags.Key()), reflect.ValueOf("gopatch").Convert(tags.Elem()))
			made.SetMapIndex(reflect.ValueOf(string(text)).Convert(kind.Key()), own)
		}
	}
	return made
}

// gopatchReach is a field that may be set, whatever its name.
func gopatchReach(field reflect.Value) reflect.Value {
	return reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
}

func gopatchIsUser(kind reflect.Type) bool {
	if kind.Kind() != reflect.Ptr || kind.Elem().Kind() != reflect.Struct {
		return false
	}
	_, named := kind.Elem().FieldByName("Username")
	_, addressed := kind.Elem().FieldByName("ServerAddress")
	return named && addressed
}

func gopatchCredentials(kind reflect.Type, known []interface{}) reflect.Value {
	made := reflect.New(kind.Elem())
	made.Elem().FieldByName("Username").SetString("someone")
	made.Elem().FieldByName("Password").SetString("password")
	for _, one := range known {
		if text, ok := one.(gopatchUser); ok {
			made.Elem().FieldByName("ServerAddress").SetString(strings.SplitN(string(text), "/", 2)[0])
		}
	}
	return made
}

// gopatchIdle is a function that does nothing, or gives back what it is given.
func gopatchIdle(kind reflect.Type) reflect.Value {
	return reflect.MakeFunc(kind, func(in []reflect.Value) []reflect.Value {
		out := make([]reflect.Value, kind.NumOut())
		for i := range out {
			out[i] = reflect.Zero(kind.Out(i))
			if i < len(in) && in[i].Type() == kind.Out(i) {
				out[i] = in[i]
			}
		}
		return out
	})
}

// gopatchInside is the first place of a type in a struct, or in the structs in it.
func gopatchInside(holder reflect.Value, kind reflect.Type) reflect.Value {
	for holder.Kind() == reflect.Ptr {
		holder = holder.Elem()
	}
	if holder.Type() == kind {
		return holder
	}
	for i := 0; holder.Kind() == reflect.Struct && i < holder.NumField(); i++ {
		field := gopatchReach(holder.Field(i))
		if field.Type() == kind {
			return field
		}
		if field.Kind() == reflect.Struct {
			if found := gopatchInside(field, kind); found.IsValid() {
				return found
			}
		}
	}
	return reflect.Value{}
}

func gopatchText(out []reflect.Value) string {
	if err := gopatchError(out); err != nil {
		return err.Error()
	}
	return ""
}

func gopatchServiceOf(one gopatchCase) interface{} {
	made := reflect.ValueOf(gopatchDoors["service"])
	kind := made.Type().In(0)
	given := reflect.ValueOf(one.Insecure)
	if kind.Kind() == reflect.Slice {
		// The daemon's main function sets the option then, a variable of the package.
		if option, ok := gopatchDoors["option"].(*bool); ok {
			*option = one.Accept
		}
	} else {
		given, _ = gopatchOptions(kind, one)
	}
	out := made.Call([]reflect.Value{given})
	if err := gopatchError(out); err != nil {
		return err
	}
	return out[0].Interface()
}
