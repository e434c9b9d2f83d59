#!/usr/bin/env python3
"""strange_server.py KIND: a server on 127.0.0.1 that is not what a program looks for.

Prints its port, then serves until it is ended. KIND is
  silent          takes every connection and says nothing
  http            answers whatever comes as a web server does
  old-postgresql  PostgreSQL 13.4 as far as the greeting: no server that old can be
                  installed beside the one that is tested, so this speaks for it
"""
import socket
import struct
import sys


def message(kind, body):
    return kind + struct.pack("!i", len(body) + 4) + body


def setting(name, value):
    return message(b"S", name.encode() + b"\0" + value.encode() + b"\0")


def greet(connection):
    while True:
        length = struct.unpack("!i", connection.recv(4))[0]
        code = struct.unpack("!i", connection.recv(length - 4)[:4])[0]
        if code == 3 << 16:
            break
        connection.sendall(b"N")  # neither TLS nor GSSAPI
    connection.sendall(
        message(b"R", struct.pack("!i", 0))
        + setting("server_version", "13.4")
        + setting("server_encoding", "UTF8")
        + setting("client_encoding", "UTF8")
        + message(b"Z", b"I"))
    while connection.recv(65536):  # whatever is set, is done
        connection.sendall(message(b"C", b"SET\0") + message(b"Z", b"I"))


def main():
    kind = sys.argv[1]
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    kept = []
    while True:
        connection, _ = server.accept()
        try:
            if kind == "silent":
                kept.append(connection)
            elif kind == "http":
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                connection.close()
            else:
                greet(connection)
        except (OSError, struct.error):
            connection.close()


main()
