"""A TLS server with the limits that OpenSSL does not have: server.py CHAIN KEY NO-EMS|TLS1.1

It says `PORT n` when it listens, and answers every request with 200 until it is killed.
"""

import socket
import sys

from tlslite.api import HandshakeSettings, TLSConnection, X509CertChain, parsePEMKey

chain = X509CertChain()
chain.parsePemList(open(sys.argv[1]).read())
key = parsePEMKey(open(sys.argv[2]).read(), private=True)

settings = HandshakeSettings()
settings.minVersion = (3, 1)
if sys.argv[3] == "NO-EMS":
    settings.maxVersion = (3, 3)
    settings.useExtendedMasterSecret = False
else:
    settings.maxVersion = (3, 2)

listener = socket.create_server(("127.0.0.1", 0))
print("PORT", listener.getsockname()[1], flush=True)
while True:
    peer, _ = listener.accept()
    connection = TLSConnection(peer)
    try:
        connection.handshakeServer(certChain=chain, privateKey=key, settings=settings)
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += connection.read(max=1024, min=1)
        connection.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        connection.close()
    except Exception as error:
        print(repr(error), file=sys.stderr, flush=True)
    finally:
        peer.close()
