"""The name, TCP and TLS of a target, each by itself, before anything is asked of it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping
from ipaddress import ip_address

from wscheck.doctor.certificate import Certificate, look_at_stranger, read_certificate
from wscheck.doctor.chart import Chart
from wscheck.doctor.model import STEP_OF_PHASE, BrokenError, Fault, State, StepName
from wscheck.scenario.model import Deadlines
from wscheck.wire.address import Address
from wscheck.wire.failures import Failure, StoppedError, tls_failure
from wscheck.wire.plan import Trust
from wscheck.wire.tcp import Stopwatch, connect_tcp


async def reach(
    address: Address, *, deadlines: Deadlines, tls: Trust, chart: Chart, clock: Callable[[], float]
) -> None:
    """Look the name up, connect, and go through the TLS handshake where the target is wss. Raises BrokenError."""
    context = tls() if address.secure else None  # certificates may have to be read first, which is no step's time
    watch = Stopwatch(clock)
    try:
        wire = await connect_tcp(address, within=deadlines.tcp, watch=watch)
    except StoppedError as stopped:
        failure = stopped.failure
        if failure.phase != "dns":
            chart.note("name", "well", _tell_name(address, None), seconds=watch.taken.get("dns"))
        watch.lap(failure.phase)
        raise break_at(chart, STEP_OF_PHASE[failure.phase], failure, seconds=watch.taken[failure.phase]) from None
    watch.lap("tcp")
    chart.note("name", "well", _tell_name(address, _find_peer(wire)), seconds=watch.taken["dns"])
    chart.note("tcp", "well", f"{address} takes connections", seconds=watch.taken["tcp"])
    if context is None:
        wire.close()
        note_no_tls(chart)
        return
    try:
        certificate = await _shake_hands(wire, context, address, deadlines.tls)
    except OSError as error:
        watch.lap("tls")
        raise await _explain(error, address, deadlines.tls, chart, seconds=watch.taken["tls"]) from None
    finally:
        wire.close()
    watch.lap("tls")
    note_certificate(chart, certificate, seconds=watch.taken["tls"])


def _find_peer(wire: socket.socket) -> str | None:
    """Return the address that took the connection, None where it has been reset already."""
    try:
        return str(wire.getpeername()[0])
    except OSError:
        return None


def break_at(
    chart: Chart,
    step: StepName,
    failure: Failure,
    *,
    seconds: float | None,
    details: Mapping[str, str] | None = None,
) -> BrokenError:
    """Write down that ``step`` is broken by ``failure``; return what ends the way there."""
    fault = Fault(phase=failure.phase, code=failure.cause, text=failure.text)
    chart.stop(step, fault, seconds=seconds, details=details)
    return BrokenError(step, fault)


def note_certificate(chart: Chart, certificate: Certificate, *, seconds: float | None) -> None:
    """Write down whom TLS was spoken with."""
    state: State = "doubtful" if certificate.ends_soon else "well"
    chart.note("tls", state, certificate.sentence, seconds=seconds, details=certificate.details)


def note_no_tls(chart: Chart) -> None:
    """Write down that the target is spoken to without TLS."""
    chart.note("tls", "passed over", "ws:// is not encrypted")


def _tell_name(address: Address, found: str | None) -> str:
    """Say what the host is; ``found`` is the address that took the connection, None where none did."""
    try:
        ip_address(address.host)
    except ValueError:
        return f"{address.host} is {found}" if found else f"{address.host} is known"
    return f"{address.host} is an address"


async def _explain(error: OSError, address: Address, within: float, chart: Chart, *, seconds: float) -> BrokenError:
    """Write down why TLS was not spoken, with the certificate where that is why."""
    failure = tls_failure(error, address, within)
    stranger = None
    if isinstance(error, ssl.SSLCertVerificationError):
        stranger = await look_at_stranger(address, within=within)
    if stranger is None:
        return break_at(chart, "tls", failure, seconds=seconds)
    joint = " It" if failure.text.endswith("?") else "; it"
    text = f"{failure.text}{joint} is issued by {stranger.issuer}, and {stranger.validity}"
    told = Failure(phase="tls", cause=failure.cause, text=text)
    return break_at(chart, "tls", told, seconds=seconds, details=stranger.details)


async def _shake_hands(wire: socket.socket, context: ssl.SSLContext, address: Address, within: float) -> Certificate:
    transport, _ = await asyncio.get_running_loop().create_connection(
        asyncio.Protocol, sock=wire, ssl=context, server_hostname=address.host, ssl_handshake_timeout=within
    )
    try:
        return read_certificate(transport.get_extra_info("ssl_object"))
    finally:
        transport.abort()
        await asyncio.sleep(0)
