/** Sign by hand: the drawing is uploaded as a picture; uploading a photo of a signature stays possible. */
import { say } from "./files";
import { upload } from "./upload";
import { words } from "./words";

const WIDTH = 840;
const HEIGHT = 304;

/** Put a pad into every signature field below `part`; the library is fetched only when there is one. */
export async function startSignatures(part: HTMLElement, changed: () => void): Promise<void> {
  const fields = [...part.querySelectorAll<HTMLElement>("[data-signature]:not([data-started])")];
  if (fields.length === 0) return;
  for (const field of fields) field.dataset["started"] = "";
  const { default: SignaturePad } = await import("signature_pad");
  for (const field of fields) startField(field, (canvas) => new SignaturePad(canvas, { penColor: "#17211F" }), changed);
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
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", field.closest("fieldset")?.querySelector("legend")?.textContent ?? "");
  const clear = document.createElement("button");
  Object.assign(clear, { type: "button", className: "button button-small", textContent: words.clear });
  field.querySelector(".form-signature-image")?.toggleAttribute("hidden", held.value === "");
  if (held.value === "") field.prepend(canvas);
  field.append(clear);
  const pad = makePad(canvas);
  let sending = 0;
  const keep = async (file: File): Promise<void> => {
    sending += 1;
    const mine = sending;
    try {
      const uploaded = await upload(file, (percent) => say(field, words.uploading(file.name, percent)));
      if (mine !== sending) return; // another stroke came meanwhile
      held.value = uploaded.id;
      say(field, words.signed);
      changed();
    } catch (error) {
      say(field, error instanceof Error ? error.message : words.uploadFailed(file.name));
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
    pad.clear();
    held.value = "";
    field.querySelector(".form-signature-image")?.remove();
    field.prepend(canvas);
    say(field, "");
    changed();
  });
}
