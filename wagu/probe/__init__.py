"""`wagu probe`: a client without a browser or a screen, which tells what flows.

site         REST, WHIP/WHEP and the WebSocket, as any client uses them
sources      a test picture, a tone, or a file      sinks    what is received, counted
connection   one RTCPeerConnection of aiortc, which decodes: fine in a client, never in the server
figures      its statistics over time               report   for a person, or as JSON
probes       publish, watch, talk
"""
