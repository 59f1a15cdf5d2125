import socket

import pytest

from tests.socket_guard import OutsideReached, is_at_home


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "0.0.0.0", "169.254.169.254"])
def test_connecting_to_another_machine_is_refused(host: str) -> None:
    with socket.socket() as client, pytest.raises(OutsideReached):
        client.connect((host, 9))


def test_sending_a_packet_to_another_machine_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as client, pytest.raises(OutsideReached):
        client.sendto(b"out", ("192.0.2.1", 9))


def test_asking_for_the_address_of_a_name_is_refused() -> None:
    with pytest.raises(OutsideReached):
        socket.getaddrinfo("appeals.example", 443)


def test_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as client:
        assert client.getpeername() == listener.getsockname()


@pytest.mark.parametrize(
    "address", [("::1", 80, 0, 0), ("localhost", 80), "/run/postgres/.s.PGSQL.5432", ("127.9.9.9", 1)]
)
def test_this_machine_is_home(address: object) -> None:
    assert is_at_home(address)
