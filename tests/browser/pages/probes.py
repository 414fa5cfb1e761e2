"""Scripts in every page of a test: what the product itself has no reason to tell."""

WATCH = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error('CSP:', event.violatedDirective, event.blockedURI, event.sourceFile);
});

// The connection of now is the last one that is neither closed nor written off by the test.
window.peers = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...options) {
    super(...options);
    window.peers.push(this);
  }
};
window.peerStats = async (type) => {
  const open = window.peers.filter((each) => each.connectionState !== 'closed');
  const peer = open.filter((each) => !each.stale).at(-1);
  const reports = [...(await peer?.getStats() ?? new Map()).values()];
  return reports.filter((report) => report.type === type);
};

// ms from the start of the navigation: to the last press, and to the first picture of a video that
// is no preview
document.addEventListener('pointerdown', ({timeStamp}) => { window.lastPress = timeStamp; }, true);
document.addEventListener('loadeddata', ({target}) => {
  if (target.dataset.testid === 'player') window.firstPicture ??= performance.now();
}, true);
"""

# A camera that knows one size only.
CAMERA = """
(width, height) => {
  const devices = navigator.mediaDevices;
  const open = devices?.getUserMedia.bind(devices);
  if (!open) return;
  devices.getUserMedia = ({video, ...rest}) => open({
    ...rest, video: video && {...video, width: {exact: width}, height: {exact: height}},
  });
}
"""
