# ruff: noqa: E501 (a value stands on one line)
"""Values that no form expects: days out of range, numbers without end, texts that no encoding knows.

All are bytes or text; text is sent as UTF-8. The lists say what each value stands for by their name only.
"""

DAYS = [
    "9999-12-31", "0001-01-01", "2999-01-01", "2100-01-01", "1899-12-31", "0000-00-00", "2016-02-30",
    "10000-01-01", "-2016-01-01", "2016-1-1", "20160101", "2016-W53-7", "31-12-9999", "1.1.2999",
    "9999-12", "0001-01", "9999", "0", "2016-13", "2016-12-31T23:59:59Z", "2015-12-31", "2099-12-31",
    "1900-01-01", "２０１６-01-01",
]  # fmt: skip

MOMENTS = [
    "9999-12-31T23:59", "0001-01-01T00:00", "2999-01-01T10:00", "2016-03-27T02:30", "2016-10-30T02:30",
    "2016-05-10T24:00", "2016-05-10T25:61", "1900-01-01T00:00", "2099-12-31T23:59",
    "2016-05-10T10:00+99:99", "2016-05-10T10:00Z",
]  # fmt: skip

CLOCKS = [
    "24:00",
    "24.00",
    "00:00",
    "23:59",
    "25:00",
    "8",
    "0830",
    "-1:00",
    "12:60",
    "12:00:00.0000001",
    "٨:٠٠",
]

NUMBERS = [
    "-1", "0", "1e400", "9e999", "-9e999", "1e-400", "NaN", "sNaN", "Infinity", "-inf", "0x10", "1_000",
    "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "9" * 400,
    "9" * 5000, "0." + "0" * 50 + "1", "7,5", "7.3999999999999995", "1.000.000", "1,2,3", "٣", "²", "½",
    "1 000", "+5", "5.", ".5", "32767", "32768", "99999999999,99",
]  # fmt: skip

TEXTS: list[str | bytes] = [
    "", " ", "\0", "a\0b", "\r\n\t", "a" * 300, "ø" * 20_000, b"\xff\xfe", b"\xed\xa0\x80", b"\xc3(", b"\x80",
    "\ud7ff\ue000", "\U0001f600" * 50, "\u202eabc", "\ufeff", "\u0000", "{{ 7 }}", "{% now %}", "%s%s%n",
    "%(name)s", "{0}", "<script>alert(1)</script>", "'; DROP TABLE x; --", "\\", "\\u0000", "[]", "{}",
    "null", '{"a": 1}', "[" * 2000, "None", "True", "on", "../../etc/passwd", "http://[", "//[", "javascript:1",
    "a@b", "a@b.dk\nBcc: x@y.dk", "010190-1234", "=1+1", "\x1b[0m", "e\u0301" * 100, "Å", "å" * 201,
    "\u2028", "\x7f", "mailto:", "+45" + "1" * 40, "00000000", "99999999", "10150817", "DK10150817",
    "-", "--", "__all__", "pk", "-pk", "?", "course__citizen__cpr", "data:image/png;base64,AAAA",
    "data:image/png;base64,%%%", "data:,", "a:b:c", ":", ";", "1:2:3:4",
]  # fmt: skip

IDS = [
    "00000000-0000-4000-8000-000000000000", "00000000-0000-0000-0000-000000000000", "nowhere", "0", "-1",
    "1", "9" * 30, "ffffffff-ffff-ffff-ffff-fffffffffff", "{6d55c71e-c29f-469c-b77b-cb76f5fc7dcf}",
    "urn:uuid:6d55c71e-c29f-469c-b77b-cb76f5fc7dcf", "6d55c71ec29f469cb77bcb76f5fc7dcf",
]  # fmt: skip

#: Pieces of an address, as they stand in it: percent-encoded or not.
SEGMENTS = [
    "%00", "%ff", "%c3%28", "%ed%a0%80", "..", ".", "%2e%2e", "%2f", "a%00b", "%0d%0aX:1", "a" * 3000, "٣",
    "9" * 30, "-1", "0", "2016-02-30", "9999-12-31", "0001-01-01", "2999-01-01", "1e9", "10000-01-01", "null",
    "%F0%9F%98%80", "x;y", "x%20y", "[", "]", "{0}", "%25s", "%", "%zz", "\\", "csv", "json", "exe", "pdf",
    "20160101", "2016-W01-1", "+", "00000000-0000-0000-0000-000000000000",
]  # fmt: skip

ANY: list[str | bytes] = [*DAYS, *MOMENTS, *CLOCKS, *NUMBERS, *TEXTS, *IDS]

#: Headers with values that no browser sends.
HEADERS: list[tuple[str, str]] = [
    *(("HTTP_RANGE", value) for value in ("bytes=-", "bytes=9-1", "bytes=0-0,-1", "bytes=abc", "x" * 5000)),
    *(("HTTP_RANGE", value) for value in ("bytes=99999999999999999999-", "bytes=-0", "bytes=0-" + "9" * 5000)),
    *(
        (header, value)
        for header in ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")
        for value in (
            "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "Xxx, 99 Foo 2016", "\xff", "0",
            "Fri, 99 Dec 2016 99:99:99 GMT", "Friday, 31-Dec-99 23:59:59 GMT", "9" * 400,
        )
    ),
    *(("HTTP_IF_NONE_MATCH", value) for value in ("*", '"', "W/", '"a", W/"', "\xff" * 50, "," * 5000)),
    *(("HTTP_IF_MATCH", value) for value in ("*", '"', "W/")),
    *(("HTTP_HOST", value) for value in ("", "evil.example", "[::1", "a b", "x" * 5000, "localhost:99999999", "\xff", "[", "localhost:")),
    *(("HTTP_X_FORWARDED_HOST", value) for value in ("[", "evil.example", "\xff")),
    *(("HTTP_X_FORWARDED_FOR", value) for value in ("", ",", "::::", "999.1.1.1", "\xff", "x" * 5000)),
    *(("HTTP_X_FORWARDED_PROTO", value) for value in ("https", "gopher", "")),
    *(("REMOTE_ADDR", value) for value in ("", "::1%25x", "unix:", "999.9.9.9")),
    *(("HTTP_ACCEPT_LANGUAGE", value) for value in ("xx", "da;q=9e999", ";;;", "a" * 9000, "\xff", "da-" * 900, "da;q=nan")),
    *(("HTTP_ACCEPT", value) for value in ("", "*", "a/b;q=x", "\xff", "/", ";" * 3000, "application/json")),
    *(("HTTP_ACCEPT_ENCODING", value) for value in ("br;q=x", "\xff", "gzip" * 900)),
    *(("HTTP_COOKIE", value) for value in ("sessionid=\0", "sessionid=" + "x" * 5000, "csrftoken=x; sessionid", ";;=;=", "messages=x", "django_language=\xff", "django_language=../x", "sessionid=\xc3\xa6")),
    *(("HTTP_REFERER", value) for value in ("http://[", "\xff", "x" * 9000, "//", "javascript:1")),
    *(("HTTP_ORIGIN", value) for value in ("null", "http://[", "\xff", "https://evil.example")),
    *(("HTTP_USER_AGENT", value) for value in ("", "\xff", "x" * 70_000, "\0", "a\0b")),
    *(("HTTP_HX_CURRENT_URL", value) for value in ("http://[", "\xff", "//", "x" * 9000, "http://testserver/%00", "")),
    *(("HTTP_HX_TARGET", value) for value in ("\xff", "x" * 9000, "")),
    *(("HTTP_HX_TRIGGER", value) for value in ("\xff", "%ff", "")),
    *(("HTTP_HX_TRIGGER_NAME", value) for value in ("\0", "%ed%a0%80")),
    *(("HTTP_TRIGGERING_EVENT", value) for value in ("{", "null", "[" * 3000, "%ff")),
    *(("CONTENT_LENGTH", value) for value in ("-1", "abc", "", "9" * 30, "1e3", "٣".encode().decode("latin-1"))),
    *(("HTTP_TRANSFER_ENCODING", value) for value in ("chunked", "x")),
    *(("HTTP_X_CSRFTOKEN", value) for value in ("", "\xff", "x" * 64, "\0")),
    *(("HTTP_X_REQUESTED_WITH", value) for value in ("XMLHttpRequest",)),
    *(("HTTP_X_HTTP_METHOD_OVERRIDE", value) for value in ("DELETE",)),
    *(("HTTP_AUTHORIZATION", value) for value in ("Basic x", "Bearer \xff", "\0")),
]  # fmt: skip

MULTIPART = "multipart/form-data; boundary=x"
FORM = "application/x-www-form-urlencoded"
#: Bodies with their content type that are no form as a browser sends it.
BODIES: list[tuple[str, bytes]] = [
    (f"{FORM}; charset=utf-16", "a=b&c=d".encode("utf-16")),
    (f"{FORM}; charset=nonsense", b"a=b"),
    (f"{FORM}; charset=", b"a=b"),
    (f'{FORM}; charset="utf-8', b"a=b"),
    (f"{FORM}; charset=utf-7", b"a=+AGEAYg-"),
    (f"{FORM}; charset=latin-1", b"name=\xe6\xf8\xe5"),
    (f"{FORM}; charset=idna", b"a=b"),
    (f"{FORM}; charset=rot13", b"a=b"),
    (f"{FORM}; charset=hex", b"a=b"),
    (FORM, b"\xff\xfe=\x00&a\x00=b"),
    (FORM, b"&" * 5000),
    (FORM, b"project=%00&kind=%00&offer=%00&act=%00:%00&direction=%00&channel=%00&outcome=%00&secret=%00"),
    (FORM, b"decision-text=a%00&act=hold&signature=%00&warned=%00&user=%00&role=%00&name=%00"),
    (FORM, b"a=" + b"x" * (5 * 1024 * 1024)),
    (FORM, b"a=1&" * 3000),
    (FORM, b"%zz=%&%00=%00&%ed%a0%80=%ed%a0%80"),
    (FORM, b"=" * 1000),
    (FORM, b"csrfmiddlewaretoken=%00&submission=%00"),
    (FORM, b"next=http://[&submission=x"),
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=", b"--\r\n\r\n----"),
    ("multipart/form-data; boundary=\xff", b"--x--"),
    ("multipart/form-data; boundary=" + "x" * 500, b"--x--"),
    (MULTIPART, b""),
    (MULTIPART, b"--x"),
    (MULTIPART, b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nno end'),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="a\0"\r\n\r\nb\0\r\n--x--\r\n'),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\xfe\r\n--x--\r\n'),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="file"; filename="\0.csv"\r\n\r\na\r\n--x--\r\n'),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n'),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="file"; filename*=utf-16\'\'%ff\r\n\r\n\r\n--x--\r\n'),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name*=x\'\'%ff; filename="a"\r\n\r\n\r\n--x--\r\n'),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--\r\n'),
    (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\nContent-Transfer-Encoding: base64\r\n\r\n=\r\n--x--\r\n'),
    (MULTIPART, b'--x\r\nContent-Type: text/plain; charset=nonsense\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'),
    (MULTIPART, b'--x\r\nContent-Type: text/plain; charset=nonsense\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nb\r\n--x--\r\n'),
    (MULTIPART + "; charset=utf-16", b"--x--\r\n"),
    ("application/json", b'{"a": [1, 2'),
    ("application/json", b'{"submission": null}'),
    ("application/xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"),
    ("text/plain", b"\xff\xfe\x00"),
    ("text/csv", b"a;b\n1;2\n"),
    ("application/octet-stream", b"\x00" * 100),
    ("", b"a=b"),
    (";", b"a=b"),
    ("/;charset", b"a=b"),
    ("\xff/\xff", b"a=b"),
    ("application/x-www-form-urlencoded, text/plain", b"a=b"),
]  # fmt: skip

METHODS = [
    "HEAD",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "FOO",
    "get",
    "",
    "PROPFIND",
    "POST",
    "GET",
]

#: Files for a field that takes one: name, content type, content.
FILES: list[tuple[str, str, bytes]] = [
    ("a.csv", "text/csv", b""),
    ("a.csv", "text/csv", b"\xff\xfec\x00p\x00r\x00"),
    ("a.csv", "text/csv", b"\x00" * 1000),
    ("a.csv", "text/csv", b'cpr;name\n"no end;1\n'),
    ("a.csv", "text/csv", b"cpr;cvr;company;p_number;kind;starts_on;planned_end_on;ended_on;internship_hours;ordinary_hours\n"
     b"0101900000;10150817;X;;internship;9999-12-31;2999-01-01;0001-01-01;1e400;NaN\n"),
    ("a.csv", "text/csv", b"cpr;name;municipality_code;target_group;benefit;public_support_since;activity_ready;in_integration_programme;referred_on\n"
     b"0101900000;\x00;0101;x;x;9999-12-31;maybe;;0000-00-00\n0101901111;A\n"),
    ("a.csv", "text/csv", b"email;name;project;roles\nnot-a-mail;;;\n\xff;x;y;z\n"),
    ("a.csv", "text/csv", b"cpr;month;hours\n0101900000;9999-99;1e999\n;0001-01;NaN\n"),
    ("a.csv", "text/csv", b"cpr;function;email;from_on\n0101900000;mentor;x@y;9999-12-31\n"),
    ("a.csv", "text/csv", b"cpr;kind;held_on;citizen_present\n0101900000;mentor_contact;0001-01-01;2\n"),
    ("a.csv", "text/csv", b"cpr;answered_on;questionnaire;question;value;answered_by\n0101900000;9999-12-31;x;y;1e9;z\n"),
    ("a.csv", "text/csv", b";" * 5000 + b"\n"),
    ("a.csv", "text/csv", b"\xef\xbb\xbf\xef\xbb\xbfsep=;\n"),
    ("a.xlsx", "application/octet-stream", b"PK\x03\x04" + b"\x00" * 100),
    ("a.xlsx", "application/octet-stream", b"PK\x05\x06" + b"\x00" * 18),
    ("a.xls", "application/octet-stream", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("\x00.pdf", "application/pdf", b"%PDF-1.7\n%%EOF"),
    ("a.pdf", "application/pdf", b"%PDF-1.7\ntrailer << /Root 1 0 R /Prev 99999999999999999999 >>\nstartxref\n-1\n%%EOF"),
    ("a.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 64),
    ("a" * 400 + ".pdf", "application/pdf", b"%PDF-"),
    ("../../a.csv", "text/csv; charset=utf-16", b"a"),
    ("", "", b"x"),
    ("CON", "\xff", b"x"),
]  # fmt: skip
