"""What may be reached: the table of addresses, and the spellings of a URL."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest

from app.domain.egress import Networks, checked_url, refusal_of_address, refusal_of_target
from app.domain.errors import Invalid

NOWHERE = Networks()
EVERYWHERE = Networks.of("0.0.0.0/0", "::/0")


def _addresses(text: str) -> list[IPv4Address | IPv6Address]:
    return [ip_address(one) for one in text.split()]


METADATA = _addresses("""
169.254.169.254 169.254.0.23 169.254.170.2 100.100.100.200 100.96.0.96 168.63.129.16 192.0.0.192
fd00:ec2::254 fd20:ce::254 fe80::a9fe:a9fe ::ffff:169.254.169.254 ::169.254.169.254 64:ff9b::a9fe:a9fe
64:ff9b:1::a9fe:a9fe 64:ff9b:1:a9fe:a9:fe00:: 64:ff9b:1:12a9:fe:a9fe:: 2002:a9fe:a9fe::1 ::ffff:0:169.254.169.254
::ffff:100.100.100.200 64:ff9b::6464:64c8 2002:6464:64c8:: 2001:0:a9fe:a9fe::1 2001:0:808:808::5601:5601
""")

NON_PUBLIC = _addresses("""
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 172.16.0.1 172.31.255.255
192.0.0.1 192.0.0.9 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.175.48.1 198.18.0.1 198.19.255.255
198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::10.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:224.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
64:ff9b::a00:1 64:ff9b:1::808:808 100::1 2001::1 2001:2::1 2001:10::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1
2620:4f:8000::1 3ffe::1 3fff::1 4000::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1
""")

PUBLIC = _addresses("""
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 114.114.114.114 172.32.0.1 192.88.98.1 198.20.0.1
223.255.255.255 2001:4860:4860::8888 2400:3200::1 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808
""")


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert len(set(METADATA + NON_PUBLIC)) >= 45
    assert len(set(PUBLIC)) >= 12


@pytest.mark.parametrize("address", METADATA + NON_PUBLIC, ids=str)
def test_what_is_not_public_is_refused(address: IPv4Address | IPv6Address) -> None:
    assert refusal_of_address(address, NOWHERE)


@pytest.mark.parametrize("address", PUBLIC, ids=str)
def test_what_is_public_is_reached(address: IPv4Address | IPv6Address) -> None:
    assert refusal_of_address(address, NOWHERE) is None


@pytest.mark.parametrize("address", NON_PUBLIC, ids=str)
def test_the_operator_may_allow_what_is_not_public(address: IPv4Address | IPv6Address) -> None:
    assert refusal_of_address(address, EVERYWHERE) is None


@pytest.mark.parametrize("address", METADATA, ids=str)
def test_nobody_may_allow_metadata(address: IPv4Address | IPv6Address) -> None:
    assert "元数据" in (refusal_of_address(address, EVERYWHERE) or "")


def test_pythons_own_judgement_would_not_do() -> None:
    wrong = [one for one in METADATA + NON_PUBLIC if one.is_global]
    assert len(wrong) >= 10


def test_an_allowed_network_opens_nothing_beside_it() -> None:
    office = Networks.of("10.1.0.0/16")
    assert refusal_of_address(ip_address("10.1.2.3"), office) is None
    assert refusal_of_address(ip_address("::ffff:10.1.2.3"), office) is None
    assert all(refusal_of_address(ip_address(one), office) for one in ("10.2.0.1", "::ffff:10.2.0.1", "2002:a01:203::"))


def test_an_allowed_network_is_written_exactly() -> None:
    for text in ("10.1.2.3/8", "10", "intranet", ""):
        with pytest.raises(ValueError, match="."):
            Networks.of(text)


REFUSED = (
    "",
    "example.com",
    "//example.com/",
    "https:example.com",
    "https:/example.com",
    "https:///example.com",
    "http://example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https://example.com:/",
    "https://example.com:0/",
    "https://example.com:0443/",
    "https://example.com:8443/",
    "https://example.com:65979/",
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://example.com@127.0.0.1/",
    "https://example.com\\@127.0.0.1/",
    "https://127.0.0.1#@example.com/",
    "https://example.com/#part",
    "https://example.com/a b",
    "https://example.com/\r\nX: 1",
    "https://exam\tple.com/",
    "\nhttps://example.com/",
    "https://example.com/\n",
    "https://example.com/%zz",
    "https://example.com/\x00",
    "https://例子.com/",
    "https://exa%6dple.com/",
    "https://example.com./",
    "https://example..com/",
    "https://.example.com/",
    "https://-example.com/",
    "https://example-.com/",
    "https://exam_ple.com/",
    "https://" + "a" * 64 + ".com/",
    "https://" + "a." * 127 + "com/",
    "https://example.com/" + "a" * 2_048,
    "https://intranet/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://a.localhost/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.0.1./",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0x7f000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://0177.0.0.1/",
    "https://127.0.0.01/",
    "https://1.1.1.0x1/",
    "https://127.0.0.1.5/",
    "https://256.1.1.1/",
    "https://0/",
    "https://１２７.0.0.1/",
    "https://①②⑦.0.0.1/",
    "https://127。0。0。1/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[fe80::1%25lo]/",
    "https://[::1/",
    "https://::1/",
    "https://[127.0.0.1]/",
    "https://[2001:4860:4860::8888]extra/",
    "https://169.254.169.254/latest/meta-data/",
)


@pytest.mark.parametrize("url", REFUSED)
def test_a_url_that_cannot_be_used_is_refused_in_words(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_url(url, NOWHERE)
    assert refused.value.code == "endpoint-url-rejected"
    (fault,) = refused.value.faults
    assert fault.field == "url"
    assert "；" in fault.reason
    sent = url.partition("://")[2]
    assert not sent or sent not in fault.reason


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://example.com", "example.com", 443, "/"),
        ("HTTPS://Example.COM:443/A", "example.com", 443, "/A"),
        ("https://example.com?a=1", "example.com", 443, "/?a=1"),
        ("https://a-b.xn--fiqs8s/hook/%E4%B8%AD?x=@y:z", "a-b.xn--fiqs8s", 443, "/hook/%E4%B8%AD?x=@y:z"),
        ("https://8.8.8.8/a@b", "8.8.8.8", 443, "/a@b"),
        ("https://[2001:4860:4860::8888]/", "[2001:4860:4860::8888]", 443, "/"),
        ("https://localhost.example.com/", "localhost.example.com", 443, "/"),
        ("https://1.example.com/", "1.example.com", 443, "/"),
    ],
)
def test_a_url_is_taken_apart(url: str, host: str, port: int, path: str) -> None:
    target = checked_url(url, NOWHERE)
    assert (target.host, target.port, target.path) == (host, port, path)
    assert str(target.address or "") == (host.strip("[]") if host[0] in "8[" else "")


def test_the_longest_url_is_taken() -> None:
    longest = "https://example.com/".ljust(2_048, "a")
    assert len(checked_url(longest, NOWHERE).path) == 2_048 - len("https://example.com")


def test_other_ports_and_http_go_into_allowed_networks_only() -> None:
    office = Networks.of("10.0.0.0/8")
    for url in ("http://10.0.0.1/", "https://10.0.0.1:8443/", "http://10.0.0.1:8080/"):
        checked_url(url, office)
        for allowed, elsewhere in ((office, url.replace("10.0.0.1", "8.8.8.8")), (NOWHERE, url)):
            with pytest.raises(Invalid):
                checked_url(elsewhere, allowed)


def test_a_name_at_another_port_is_judged_by_what_it_stands_for() -> None:
    office = Networks.of("10.0.0.0/8")
    target = checked_url("http://hook.example.com:8080/", office)
    assert refusal_of_target(target, ip_address("10.0.0.1"), office) is None
    assert "443" in (refusal_of_target(target, ip_address("8.8.8.8"), office) or "")
