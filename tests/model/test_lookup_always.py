"""What holds of every lookup."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gopatch.model import Options, Traits, is_docker_hub
from tests.model.lookups import LISTED, hosts, kinds, option_values, pull, push


@given(hosts, option_values, kinds)
def test_on_is_stock_with_at_most_one_http_after_each_https(
    host: str, options: Options, traits: Traits
) -> None:
    stock = pull(host, replace(options, accept_insecure_registry=False), traits)
    found = pull(host, replace(options, accept_insecure_registry=True), traits)
    added = [e for e in found if e.by_option]
    assert tuple(e for e in found if not e.by_option) == stock
    for endpoint in added:
        before = found[found.index(endpoint) - 1]
        assert before == endpoint._replace(scheme="https")
        assert not before.insecure_skip_verify
        assert not is_docker_hub(endpoint.host)
    assert len(added) == len(set(added))


@given(hosts, option_values, kinds)
def test_every_registry_is_reached_by_http_when_on(
    host: str, options: Options, traits: Traits
) -> None:
    found = push(host, replace(options, accept_insecure_registry=True), traits)
    for endpoint in found:
        if endpoint.scheme == "https" and not endpoint.mirror and not is_docker_hub(endpoint.host):
            assert endpoint._replace(scheme="http") in found


@given(hosts, option_values, kinds, st.sampled_from(LISTED))
def test_monotone_in_the_insecure_list(
    host: str, options: Options, traits: Traits, more: str
) -> None:
    fewer = pull(host, options, traits)
    listed = replace(options, insecure_registries=(*options.insecure_registries, more))
    urls = [(e.version, e.url) for e in pull(host, listed, traits)]
    assert [at for at in urls if at in [(e.version, e.url) for e in fewer]] == [
        (e.version, e.url) for e in fewer
    ]


@given(hosts, option_values, kinds)
def test_order(host: str, options: Options, traits: Traits) -> None:
    found = pull(host, options, traits)
    ranks = [(not e.mirror, -e.version) for e in found]
    assert ranks == sorted(ranks)
    assert [e for e in found if not e.mirror] == [
        e for e in push(host, options, traits) if not e.mirror
    ]
