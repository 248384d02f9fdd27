/* Seed and sliders: what the simulated network does to the programs. The page has them; the build knows their ends. */

import type { Sliders } from "./messages.ts";

export class Controls {
  private readonly inputs: readonly HTMLInputElement[];
  private readonly seedInput: HTMLInputElement;

  constructor(form: HTMLElement, changed: () => void) {
    this.inputs = [...form.querySelectorAll<HTMLInputElement>("input[type=range]")];
    this.seedInput = form.querySelector<HTMLInputElement>("input[name=seed]")!;
    form.addEventListener("input", () => (this.show(), changed()));
    this.show();
  }

  get seed(): number {
    return Math.trunc(Math.abs(Number(this.seedInput.value))) || 0;
  }

  get sliders(): Sliders {
    return Object.fromEntries(this.inputs.map((input) => [input.name, Number(input.value)]));
  }

  /** Whether the network is as good as it can be. */
  get isQuiet(): boolean {
    return Object.values(this.sliders).every((value) => value === 0);
  }

  set(seed: number, sliders: Sliders): void {
    this.seedInput.value = String(seed);
    for (const input of this.inputs) input.value = String(sliders[input.name] ?? 0);
    this.show();
  }

  private show(): void {
    for (const input of this.inputs) {
      const words = input.value === "0" ? input.dataset.zero! : `${input.value} ${input.dataset.unit}`;
      input.setAttribute("aria-valuetext", words);
      input.parentElement!.querySelector("output")!.textContent = words;
    }
  }
}
