/** Once somebody changes an answer that was refused its mark goes; the server judges anew at the next submit. */
export function watchMending(form: HTMLFormElement): void {
  const mend = (event: Event): void => {
    const field = (event.target as Element).closest<HTMLElement>(".form-field-wrong");
    if (field === null || field.matches("[data-rows]")) return;
    field.classList.remove("form-field-wrong");
    for (const part of field.querySelectorAll("[aria-invalid]")) part.removeAttribute("aria-invalid");
    for (const error of field.querySelectorAll<HTMLElement>(".form-error")) strike(form, error);
  };
  form.addEventListener("input", mend);
  form.addEventListener("change", mend);
}

/** Take an error from its field, and its line from the box above; an empty box goes too. */
function strike(form: HTMLFormElement, error: HTMLElement): void {
  const box = form.querySelector("[data-form-errors]");
  const link = `#${error.id.replace(/-error$/, "")}`;
  error.remove();
  for (const line of box?.querySelectorAll("li") ?? []) if (line.querySelector("a")?.hash === link) line.remove();
  const left = box?.querySelectorAll("li").length ?? 0;
  if (left === 0) box?.remove();
  const count = box?.querySelector("[data-left]");
  if (count) count.textContent = String(left);
}
