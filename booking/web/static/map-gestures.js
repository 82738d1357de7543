/** What fingers, a mouse and its wheel do on a map: press, drag, pinch, hover, draw a frame. */

/** A finger trembles: so far, in pixels, a press is a press. */
const DRAG = 6;
const WHEEL_STEP = 60;

/** @typedef {[x: number, y: number]} Spot in the map, in pixels */

/**
 * @typedef {object} Handlers
 * @property {(at: Spot, pointerType: string) => void} press
 * @property {(dx: number, dy: number) => void} drag
 * @property {(factor: number, at: Spot) => void} zoom
 * @property {(at: Spot) => void} hover by a mouse that is not pressed
 * @property {() => void} leave
 * @property {(from: Spot, to: Spot) => void} stretch a frame is being drawn, with Shift
 * @property {(from: Spot, to: Spot) => void} frame a frame was drawn
 * @property {() => boolean} drawsFrames whether frames are drawn at all
 * @property {() => void} wheelAlone the wheel is turned to scroll the page, not to zoom
 */

export class Gestures {
  #canvas;
  #handlers;
  /** Where each finger or pressed mouse is. */
  #pointers = /** @type {Map<number, Spot>} */ (new Map());
  #from = /** @type {Spot} */ ([0, 0]);
  #moved = false;
  #framing = false;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Handlers} handlers
   */
  constructor(canvas, handlers) {
    this.#canvas = canvas;
    this.#handlers = handlers;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#pointers.delete(event.pointerId));
    canvas.addEventListener("pointerleave", () => handlers.leave());
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /**
   * @param {MouseEvent} event
   * @returns {Spot}
   */
  #spot(event) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#from = this.#spot(event);
    this.#pointers.set(event.pointerId, this.#from);
    this.#moved = this.#pointers.size > 1;
    this.#framing = event.shiftKey && this.#handlers.drawsFrames();
    this.#handlers.leave();
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const at = this.#spot(event);
    const before = this.#pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") this.#handlers.hover(at);
      return;
    }
    if (distance(at, this.#from) > DRAG) this.#moved = true;
    if (this.#pointers.size === 2) this.#pinch(event.pointerId, before, at);
    else if (this.#framing) this.#handlers.stretch(this.#from, at);
    else if (this.#moved) this.#handlers.drag(at[0] - before[0], at[1] - before[1]);
    this.#pointers.set(event.pointerId, at);
  }

  /**
   * @param {number} pointerId
   * @param {Spot} before
   * @param {Spot} at
   */
  #pinch(pointerId, before, at) {
    for (const [id, other] of this.#pointers) {
      if (id === pointerId) continue;
      const factor = distance(at, other) / Math.max(1, distance(before, other));
      this.#handlers.zoom(factor, [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2]);
    }
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const at = this.#pointers.get(event.pointerId);
    this.#pointers.delete(event.pointerId);
    if (!at) return;
    if (this.#framing && this.#moved) this.#handlers.frame(this.#from, at);
    else if (!this.#moved && !this.#pointers.size) this.#handlers.press(at, event.pointerType);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    // A pinch on a trackpad comes as a wheel with Ctrl.
    if (!event.ctrlKey && !event.metaKey) return this.#handlers.wheelAlone();
    event.preventDefault();
    const step = Math.max(-WHEEL_STEP, Math.min(WHEEL_STEP, event.deltaY));
    this.#handlers.zoom(Math.exp(-step * 0.006), this.#spot(event));
  }
}

/**
 * @param {Spot} a
 * @param {Spot} b
 */
function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
