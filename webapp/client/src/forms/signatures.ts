/** Sign by hand: the drawing is uploaded as a picture; uploading a photo of a signature stays possible. */
import { say } from "./files";
import { upload } from "./upload";
import { words } from "./words";

const WIDTH = 420;
const HEIGHT = 152;
const SHARPNESS = 2;

/** Put a pad into every signature field below `part`; the library is fetched only when there is one. */
export async function startSignatures(part: HTMLElement, changed: () => void): Promise<void> {
  const fields = [...part.querySelectorAll<HTMLElement>("[data-signature]:not([data-started])")];
  if (fields.length === 0) return;
  for (const field of fields) field.dataset["started"] = "";
  const { default: SignaturePad } = await import("signature_pad");
  for (const field of fields) startField(field, (canvas) => new SignaturePad(canvas, { penColor: "#17211F", backgroundColor: "#FFFFFF" }), changed);
}

interface Pad {
  clear(): void;
  isEmpty(): boolean;
  addEventListener(type: string, listener: () => void): void;
}

function startField(field: HTMLElement, makePad: (canvas: HTMLCanvasElement) => Pad, changed: () => void): void {
  const held = field.querySelector<HTMLInputElement>("[data-signature-value]");
  const photo = field.querySelector<HTMLInputElement>("input[type=file]");
  if (held === null || photo === null) return;
  photo.removeAttribute("name");
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", field.closest("fieldset")?.querySelector("legend")?.textContent ?? "");
  const clear = document.createElement("button");
  Object.assign(clear, { type: "button", className: "button button-small", textContent: words.clear });
  field.querySelector(".form-signature-image")?.toggleAttribute("hidden", held.value === "");
  if (held.value === "") field.prepend(canvas);
  field.append(clear);
  sharpen(canvas);
  const pad = makePad(canvas);
  let sending = 0;
  const keep = async (file: File): Promise<void> => {
    sending += 1;
    const mine = sending;
    field.dataset["busy"] = "";
    try {
      const uploaded = await upload(file, (percent) => say(field, words.uploading(file.name, percent)));
      if (mine !== sending) return; // another stroke came meanwhile
      held.value = uploaded.id;
      say(field, words.signed);
      changed();
    } catch (error) {
      say(field, error instanceof Error ? error.message : words.uploadFailed(file.name));
    } finally {
      if (mine === sending) delete field.dataset["busy"];
    }
  };
  pad.addEventListener("endStroke", () => canvas.toBlob((blob) => {
    if (blob !== null) void keep(new File([blob], "signature.png", { type: "image/png" }));
  }));
  photo.addEventListener("change", () => {
    const [file] = photo.files ?? [];
    if (file !== undefined) void keep(file);
  });
  clear.addEventListener("click", () => {
    sending += 1;
    delete field.dataset["busy"];
    pad.clear();
    held.value = "";
    field.querySelector(".form-signature-image")?.remove();
    field.prepend(canvas);
    say(field, "");
    changed();
  });
}

/** Draw at twice the size that is shown, so that the printed signature is sharp. */
function sharpen(canvas: HTMLCanvasElement): void {
  const width = canvas.offsetWidth === 0 ? WIDTH : canvas.offsetWidth;
  const height = canvas.offsetHeight === 0 ? HEIGHT : canvas.offsetHeight;
  Object.assign(canvas, { width: width * SHARPNESS, height: height * SHARPNESS });
  canvas.getContext("2d")?.scale(SHARPNESS, SHARPNESS);
}
