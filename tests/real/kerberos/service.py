"""A service that accepts one token, by the GSSAPI of the system.

service.py KEYTAB TOKEN [CERTIFICATE_HASH]

The token and the hash are in base64. Prints "accepts TOKEN NAME" or "refuses TOKEN", the token in base64 again.
"""

import base64
import sys

import gssapi

keytab, token = sys.argv[1], base64.b64decode(sys.argv[2])
binding = None
if len(sys.argv) > 3:
    data = b"tls-server-end-point:" + base64.b64decode(sys.argv[3])
    binding = gssapi.raw.ChannelBindings(application_data=data)
credentials = gssapi.Credentials(usage="accept", store={"keytab": keytab})
context = gssapi.SecurityContext(creds=credentials, usage="accept", channel_bindings=binding)
answer = b""
try:
    answer = context.step(token) or b""
    # A refusal that has a token is told by whatever is asked next.
    assert context.complete
    assert not context.actual_flags & gssapi.RequirementFlag.delegate_to_peer
    print("accepts", base64.b64encode(answer).decode(), context.initiator_name)
except gssapi.exceptions.GSSError:
    print("refuses", base64.b64encode(answer).decode())
