/**
 * A clapperboard: the picture flashes white and a tone sounds at the same moment, once a second. Below, the
 * time in hundredths of a second, as 16 bits from left to right.
 */
async function clap(url, ticket) {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  document.body.append(canvas);
  const paint = canvas.getContext('2d');
  const sound = new AudioContext();
  await sound.resume();
  const gain = new GainNode(sound, { gain: 0 });
  const tone = new OscillatorNode(sound, { frequency: 880 });
  const out = sound.createMediaStreamDestination();
  tone.connect(gain).connect(out);
  tone.start();
  let claps = 0;
  window.clapTimes = []; // ms since the epoch
  setInterval(() => {
    claps += 1;
    window.clapTimes.push(performance.timeOrigin + performance.now());
    gain.gain.value = 0.5;
    setTimeout(() => (gain.gain.value = 0), 200);
  }, 1000);
  let frame = 0;
  setInterval(() => {
    const loud = gain.gain.value > 0;
    paint.fillStyle = loud ? '#fff' : '#000';
    paint.fillRect(0, 0, 320, 180);
    const code = Math.floor(Date.now() / 10);
    for (let bit = 0; bit < 16; bit += 1) {
      paint.fillStyle = code & (1 << bit) ? '#fff' : '#000';
      paint.fillRect(bit * 20, 150, 20, 20);
    }
    frame += 1;
    paint.fillStyle = '#808080';
    paint.fillRect(frame % 300, 170, 10, 10); // something always moves, so that frames keep coming
  }, 16);
  const peer = new RTCPeerConnection();
  for (const track of [...canvas.captureStream(30).getTracks(), ...out.stream.getTracks()]) {
    peer.addTransceiver(track, { direction: 'sendonly' });
  }
  await peer.setLocalDescription();
  await new Promise((done) => {
    if (peer.iceGatheringState === 'complete') return done();
    peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && done();
    setTimeout(done, 3000);
  });
  const answer = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${ticket}`, 'Content-Type': 'application/sdp' },
    body: peer.localDescription.sdp,
  });
  await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
  window.claps = () => claps;
  window.peer = peer;
}
window.clap = clap;
