/**
 * Notes what is rendered of a clapperboard, in ms since the epoch: when which picture is shown, by the clock in
 * it (`seen.pictures`: [shown, painted]), and when a tone is heard (`seen.tones`). A picture counts from the
 * moment for which the compositor has it, a sound from the quantum in which the audio thread renders it.
 */
async function watchClaps(video) {
  window.seen = { pictures: [], tones: [] };
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  const paint = canvas.getContext('2d', { willReadFrequently: true });
  const look = (_, { expectedDisplayTime }) => {
    paint.drawImage(video, 0, 0, 320, 180);
    const row = paint.getImageData(0, 160, 320, 1).data;
    let code = 0;
    for (let bit = 0; bit < 16; bit += 1) if (row[(bit * 20 + 10) * 4 + 1] > 127) code |= 1 << bit;
    const age = (Math.floor(Date.now() / 10) - code) & 0xffff;
    window.seen.pictures.push([performance.timeOrigin + expectedDisplayTime, (Math.floor(Date.now() / 10) - age) * 10]);
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);

  const ear = `registerProcessor('ear', class extends AudioWorkletProcessor {
    process([[samples]]) {
      const at = samples ? samples.findIndex((sample) => Math.abs(sample) > 0.1) : -1;
      if (at >= 0 && currentTime - (this.loud ?? 0) > 0.3) this.port.postMessage(Date.now() + at * 1000 / sampleRate);
      if (at >= 0) this.loud = currentTime;
      return true;
    }
  });`;
  const context = new AudioContext();
  await context.resume();
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([ear], { type: 'text/javascript' })));
  const node = new AudioWorkletNode(context, 'ear');
  node.port.onmessage = ({ data }) => window.seen.tones.push(data);
  context.createMediaStreamSource(video.srcObject).connect(node).connect(context.destination);
}
window.watchClaps = watchClaps;
