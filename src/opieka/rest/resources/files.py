"""Files: stored once under the hash of their bytes, seen only by shops that have them."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from opieka.channels import commands, queries
from opieka.channels.commands import NewFile
from opieka.channels.types import StoredBytes
from opieka.kernel.errors import Invalid
from opieka.rest.fields import CLEAN, In, Sha256
from opieka.rest.operations import Request, Resource, address
from opieka.rest.schemas.files import File
from opieka.shops.types import Permission

files = Resource("files")

_BYTES = {"schema": {"type": "string", "format": "binary"}}
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            },
            "application/octet-stream": _BYTES,
        },
    }
}


def _download(media_type: str) -> dict[str, Any]:
    return {"responses": {200: {"description": "The bytes", "content": {media_type: _BYTES}}}}


DOWNLOAD = _download("application/octet-stream")
ZIP_DOWNLOAD = _download("application/zip")


class NoFile(Invalid):
    code = "no_file"
    sentence = _("Send the bytes as the body, or as the part “file” of multipart/form-data.")


class Naming(In):
    """What a file sent as the bare body is called."""

    filename: Annotated[str, Field(max_length=255, pattern=CLEAN)] = ""


@files.create("/files", Permission.ANSWER, File, keyed=False, files=True, openapi=UPLOAD)
def upload_file(request: Request, response: HttpResponse, query: Query[Naming]) -> File:
    """Store a file. The same bytes are the same file, so sending it again does no harm."""
    new = sent(request, query.filename)
    stored = commands.store_file(new, shop_id=request.caller.shop_id)
    response.headers["Location"] = address("download_file", sha256=stored.sha256)
    return File.of(stored)


@files.get("/files/{sha256}", Permission.READ, None, openapi=DOWNLOAD)
def download_file(request: Request, sha256: Sha256) -> HttpResponse:
    """The bytes of a file the shop has; what they are is told where the file is named."""
    return as_bytes(queries.file(sha256, shop_ids=[request.caller.shop_id]))


def as_bytes(found: StoredBytes) -> HttpResponse:
    """A stored file as an answer that no browser shows."""
    response = HttpResponse(found.data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = "attachment"
    return response


def sent(request: HttpRequest, filename: str = "") -> NewFile:
    """The file in a request: its bare body, or a part of a form. NoFile."""
    if request.content_type == "multipart/form-data":
        upload = request.FILES.get("file")
        if upload is None or not upload.size:
            raise NoFile
        name = (filename or upload.name or "")[:255].replace("\0", "")
        return NewFile(upload.read(), upload.content_type or "", name)
    if not request.body:
        raise NoFile
    return NewFile(request.body, request.content_type or "", filename)
