package registry

import (
	"net"
	"reflect"
)

// The daemon decides by an address that is no loopback, and is then led to a server there.
func init() {
	place := reflect.ValueOf(&lookupIP).Elem()
	kind := place.Type()
	place.Set(reflect.MakeFunc(kind, func(in []reflect.Value) []reflect.Value {
		ip := net.IPv4(192, 0, 2, 7)
		for _, value := range in {
			if value.Kind() == reflect.String {
				if given := net.ParseIP(value.String()); given != nil {
					ip = given
				}
			}
		}
		return []reflect.Value{reflect.ValueOf([]net.IP{ip}), reflect.Zero(kind.Out(1))}
	}))
}
