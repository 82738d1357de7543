/** Reads QR codes from the camera of a phone. */

const PAUSE_MS = 100;
/** A code that stays in the picture is the same wish. */
const SAME_MS = 4000;
/** Larger pictures take longer and say no more. */
const MOST_PIXELS = 720;

/**
 * Start the camera, and tell of each code that comes into its picture. Returns what stops it. Rejects
 * with a DOMException if the camera cannot be used.
 * @param {HTMLVideoElement} video
 * @param {(code: string) => void} found
 * @returns {Promise<() => void>}
 */
export async function startCamera(video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  video.srcObject = stream;
  await video.play();
  const read = await reader();
  let [running, last, seenAt] = [true, "", -Infinity];
  const look = async () => {
    if (!running) return;
    const code = video.readyState >= video.HAVE_CURRENT_DATA ? await read(video) : undefined;
    const now = performance.now();
    if (code !== undefined) {
      if (code !== last || now - seenAt > SAME_MS) found(code);
      [last, seenAt] = [code, now];
    }
    setTimeout(look, PAUSE_MS);
  };
  look();
  return () => {
    running = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}

/** @typedef {(video: HTMLVideoElement) => Promise<string | undefined>} Reader */

/**
 * The reader that the browser has, else one of our own, which is only loaded then.
 * @returns {Promise<Reader>}
 */
async function reader() {
  const Detector = /** @type {any} */ (window).BarcodeDetector;
  if (Detector && (await Detector.getSupportedFormats()).includes("qr_code")) {
    const detector = new Detector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  const { decodeQR } = await import("./qr-decode.js");
  const canvas = document.createElement("canvas");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  return async (video) => {
    const scale = Math.min(1, MOST_PIXELS / Math.max(video.videoWidth, video.videoHeight));
    [canvas.width, canvas.height] = [video.videoWidth * scale, video.videoHeight * scale];
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return undefined; // There is no code in this picture.
    }
  };
}
