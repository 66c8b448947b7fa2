"""Carriers that speak XML and SOAP 1.1: questions built safely, answers read as plain objects.

An element becomes an object of its children by their local names (several of one name become a list), or its text.
Entities of a document type are not resolved and nothing is fetched.
"""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import httpx
from lxml import etree

from opieka.deliveries.carriers.base import Json, Refused, Unreadable, accepted, sent, text

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
DENIED = ("denied", "authori", "authent", "autoryz", "login", "password", "security")
"""What a fault's words hold when the credentials are wrong."""


def element(name: str, *content: str, **attributes: str) -> str:
    """An element around markup that is already safe."""
    told = "".join(f' {key.replace("__", ":")}="{quoted(value)}"' for key, value in attributes.items())
    return f"<{name}{told}>{''.join(content)}</{name}>"


def quoted(value: str) -> str:
    """A text as it may stand in an element or an attribute; characters XML cannot hold are left out."""
    return escape("".join(letter for letter in value if letter.isprintable()), {'"': "&quot;"})


def envelope(body: str, header: str = "") -> bytes:
    """A SOAP 1.1 message."""
    head = f"<soapenv:Header>{header}</soapenv:Header>" if header else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{ENVELOPE}">'
        f"{head}<soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    ).encode()


def call(http: httpx.Client, url: str, message: bytes, action: str = "") -> bytes:
    """The answer to a SOAP message; a fault is `Refused` with its own words, also when it comes as an error 500."""
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
    response = sent(http, "POST", url, content=message, headers=headers)
    if response.is_success or response.is_server_error:
        _refuse_a_fault(response.content)
    return answered(accepted(response))


def answered(response: httpx.Response) -> bytes:
    """The body of an answer that is XML; `Refused` when it is none (a page for people)."""
    try:
        found = _parsed(response.content)
    except Unreadable as problem:
        raise Refused("not_xml", response.text[:200]) from problem
    if etree.QName(found).localname.lower() == "html":
        raise Refused("not_xml", response.text[:200])
    return response.content


def document(raw: bytes) -> Json:
    """What stands in an XML document, or in the body of a SOAP message; `Unreadable` when it is none."""
    found = _parsed(raw)
    body = found.find(f"{{{ENVELOPE}}}Body")
    read = _read(found if body is None else body)
    if not isinstance(read, dict):
        raise Unreadable("xml", read)
    return read


def _parsed(raw: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("xml", error) from error


def _read(found: Any) -> Json | str:
    children = [child for child in found if isinstance(child.tag, str)]
    if not children:
        return "" if _nil(found) else (found.text or "").strip()
    read: Json = {}
    for child in children:
        name, value = etree.QName(child).localname, _read(child)
        if name not in read:
            read[name] = value
        elif isinstance(read[name], list):
            read[name].append(value)
        else:
            read[name] = [read[name], value]
    return read


def _nil(found: Any) -> bool:
    return str(found.get("{http://www.w3.org/2001/XMLSchema-instance}nil")) == "true"


def _refuse_a_fault(raw: bytes) -> None:
    try:
        fault = document(raw).get("Fault")
    except Unreadable:
        return
    if isinstance(fault, dict):
        said = f"{text(fault, 'faultcode')} {text(fault, 'faultstring')}"
        denied = any(word in said.casefold() for word in DENIED)
        raise Refused("bad_credentials" if denied else "answer", said)
