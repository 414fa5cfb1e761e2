"""Bytes ↔ values, pure: RTP, RTCP, payloads. Bad bytes raise MalformedPacket and nothing else."""
