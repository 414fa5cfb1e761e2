/** A bar that moves with the microphone, so that one sees that it hears. */
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';

const LOUD = 0.25; // RMS of speech close to the microphone

/** @param {{stream: MediaStream}} props */
export function Level({ stream }) {
  const bar = useRef(/** @type {HTMLSpanElement | null} */ (null));
  useEffect(() => {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 512 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    const draw = () => {
      analyser.getFloatTimeDomainData(samples);
      const rms = Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
      if (bar.current) bar.current.style.transform = `scaleX(${Math.min(1, rms / LOUD).toFixed(3)})`;
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      void context.close();
    };
  }, [stream]);
  return html`<span class="level" role="img" aria-label=${t('golive.level')}><span ref=${bar}></span></span>`;
}
