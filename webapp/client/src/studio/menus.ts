/* What may be drawn: the elements that the engine runs, under the names of this house. */
import { translate } from "./words";

const REFUSED = /complex|ad-hoc|transaction|script|cancel|compensation|collapsed|data-store|data-object|participant-multiplicity/u;

type Entries = Record<string, unknown>;
type Filter = (entries: Entries) => Entries;
interface Popup { registerProvider(id: string, priority: number, provider: object): void }
interface Palette { registerProvider(priority: number, provider: object): void }

/** Leave out what a release could not hold. */
function onlyWhatRuns(entries: Entries): Entries {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !REFUSED.test(name)));
}

class Menus {
  static readonly $inject = ["popupMenu", "palette", "contextPad"];

  constructor(popup: Popup, palette: Palette, pad: Palette) {
    const filter = (): Filter => onlyWhatRuns;
    popup.registerProvider("bpmn-replace", 500, { getPopupMenuEntries: filter, getPopupMenuHeaderEntries: filter });
    palette.registerProvider(500, { getPaletteEntries: filter });
    pad.registerProvider(500, { getContextPadEntries: filter });
  }
}

/** The modules that the drawing board gets beside its own. */
export const ours = {
  __init__: ["studioMenus"],
  studioMenus: ["type", Menus],
  translate: ["value", translate],
};
