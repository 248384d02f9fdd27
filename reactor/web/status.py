"""The status codes of HTTP by name, and the phrase for each (RFC 9110, section 15)."""

from __future__ import annotations

from http import HTTPStatus

OK = 200
CREATED = 201
ACCEPTED = 202
NO_CONTENT = 204
RESET_CONTENT = 205
PARTIAL_CONTENT = 206
MOVED_PERMANENTLY = 301
FOUND = 302
SEE_OTHER = 303
NOT_MODIFIED = 304
TEMPORARY_REDIRECT = 307
PERMANENT_REDIRECT = 308
BAD_REQUEST = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
NOT_ALLOWED = 405
REQUEST_TIMEOUT = 408
CONFLICT = 409
GONE = 410
LENGTH_REQUIRED = 411
PRECONDITION_FAILED = 412
REQUEST_ENTITY_TOO_LARGE = 413
REQUEST_URI_TOO_LONG = 414
UNSUPPORTED_MEDIA_TYPE = 415
REQUESTED_RANGE_NOT_SATISFIABLE = 416
EXPECTATION_FAILED = 417
UPGRADE_REQUIRED = 426
TOO_MANY_REQUESTS = 429
REQUEST_HEADER_FIELDS_TOO_LARGE = 431
INTERNAL_SERVER_ERROR = 500
NOT_IMPLEMENTED = 501
BAD_GATEWAY = 502
SERVICE_UNAVAILABLE = 503
GATEWAY_TIMEOUT = 504
HTTP_VERSION_NOT_SUPPORTED = 505

RESPONSES: dict[int, bytes] = {status.value: status.phrase.encode("ascii") for status in HTTPStatus}
"""The phrase behind each code in a response's first line."""

NO_BODY_CODES = frozenset((NO_CONTENT, NOT_MODIFIED))
"""Responses with these codes end with their headers (RFC 9112, section 6.3), and so do those below 200."""

CACHED = 1
"""What `Request.setLastModified` and `setETag` return when the client has the current version: send no body."""
