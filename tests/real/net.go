// What Go's net, net/netip, net/url and strconv make of the texts of a JSON list, as one of lists.
package main

import (
	"encoding/json"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
)

func read(text string) []any {
	var row []any
	add := func(err error, read ...any) {
		if err != nil {
			read = nil
		}
		row = append(row, read)
	}
	host, port, err := net.SplitHostPort(text)
	add(err, host, port)
	if ip := net.ParseIP(text); ip == nil {
		add(strconv.ErrSyntax)
	} else {
		add(nil, ip.String(), ip.IsLoopback())
	}
	_, network, err := net.ParseCIDR(text)
	if add(err); err == nil {
		ones, bits := network.Mask.Size()
		row[len(row)-1] = []any{network.IP.String(), ones, bits, network.Contains(net.IPv4(10, 1, 2, 3)),
			network.Contains(net.IPv6loopback)}
	}
	prefix, err := netip.ParsePrefix(text)
	add(err, prefix.Masked().Addr().Unmap().String(), prefix.Bits(), prefix.Contains(netip.AddrFrom4([4]byte{10, 1, 2, 3})))
	addr, err := netip.ParseAddr(text)
	add(err, addr.WithZone("").Unmap().String(), addr.Zone())
	number, err := strconv.Atoi(text)
	add(err, number)
	u, err := url.Parse(text)
	if err != nil {
		row = append(row, err.Error())
	} else {
		// JSON has no place for bytes that are no UTF-8: quoted, they stay what they are.
		add(nil, u.Scheme, strconv.Quote(u.Host), strconv.Quote(u.Path), strconv.Quote(u.RawQuery),
			strconv.Quote(u.Fragment), u.User != nil)
	}
	return append(row, strconv.Quote(text))
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		panic(err)
	}
	rows := make([][]any, 0, len(texts))
	for _, text := range texts {
		rows = append(rows, read(text))
	}
	if err := json.NewEncoder(os.Stdout).Encode(rows); err != nil {
		panic(err)
	}
}
