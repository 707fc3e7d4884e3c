"""The address of a client: peers, proxies and forged headers."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access import client_address

TRUSTED = tuple(map(ip_network, ("10.0.0.0/8", "192.0.2.1/32", "fd00::/8")))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        # An untrusted peer is the client, whatever it sends.
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("2001:db8::9", ["198.51.100.1"], "2001:db8::9"),
        # A trusted one, and a chain of them over several lines.
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1", "192.0.2.1,10.9.9.9", "fd00::1"], "198.51.100.1"),
        # Forged entries are left of the client's address.
        ("10.0.0.1", ["1.1.1.1, 10.0.0.2, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "garbage", "198.51.100.1, 10.0.0.3"], "198.51.100.1"),
        # All are trusted: the first of them is the client.
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        # An entry that is not an address ends the search.
        ("10.0.0.1", ["198.51.100.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, unknown, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["198.51.100.1,"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1,,10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", [""], "10.0.0.1"),
        # Ports, brackets, IPv4-mapped IPv6, zones.
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db8::7]:4711"], "2001:db8::7"),
        ("10.0.0.1", [" [2001:DB8:0::7] "], "2001:db8::7"),
        ("10.0.0.1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("::ffff:203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["fe80::1%eth0"], "fe80::1"),
        ("10.0.0.1", ["198.51.100.1:port"], "10.0.0.1"),
        ("10.0.0.1", ["[198.51.100.1"], "10.0.0.1"),
        ("", ["198.51.100.1"], ""),
    ],
)
def test_the_client(peer, forwarded, client):
    assert client_address.client(peer, forwarded, TRUSTED) == client


def test_without_trusted_proxies_the_peer_is_the_client():
    assert client_address.client("10.0.0.1", ["198.51.100.1"], ()) == "10.0.0.1"


_HOPS = st.one_of(
    st.ip_addresses().map(str),
    st.ip_addresses(v=4).map(lambda address: f"{address}:80"),
    st.ip_addresses(v=6).map(lambda address: f"[{address}]:80"),
    st.sampled_from(["10.0.0.1", "unknown", "", "[", "]:", "%", "10.0.0.1:", "0x7f.1", "\u0661.1.1.1", "fe80::1%a/b"]),
    st.text(alphabet=st.characters(exclude_characters="\r\n"), max_size=30),
)


@given(peer=_HOPS, forwarded=st.lists(st.lists(_HOPS, max_size=5).map(",".join), max_size=3))
def test_odd_headers(peer, forwarded):
    """Whatever is sent, the client is the peer or an address, and an untrusted peer always itself."""
    found = client_address.client(peer, forwarded, TRUSTED)
    if found != peer:
        assert str(ip_address(found)) == found
    assert client_address.client(peer, forwarded, ()) == client_address.client(peer, [], TRUSTED)
    # It goes into keys of Redis: an address, a network, or the word for none.
    name = client_address.limited_as(found)
    assert name == "unknown" or str(ip_network(name)).removesuffix("/32") == name


@given(spoofed=st.lists(_HOPS, max_size=5), client=st.ip_addresses(v=4, network="198.51.100.0/24"))
def test_a_client_cannot_change_its_address(spoofed, client):
    """The proxy appends the client's address to whatever the client sent."""
    for lines in ([",".join(spoofed), str(client)], [",".join([*spoofed, str(client)])]):
        assert client_address.client("10.0.0.1", lines, TRUSTED) == str(client)


def test_an_ipv6_client_is_limited_as_its_network():
    assert client_address.limited_as("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert client_address.limited_as("2001:db8:1:2::") == client_address.limited_as("2001:db8:1:2:ffff::1")
    assert client_address.limited_as("198.51.100.1") == "198.51.100.1"
    assert client_address.limited_as("") == "unknown"
