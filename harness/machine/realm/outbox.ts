import { EFFECT_SLOTS } from "../effects.ts";

/**
 * The machine's side of {@link ../effects.ts}. The outbox has no prototype: whatever a submission does to
 * Array.prototype, the host reads what was written here, and reading runs no code of the submission's.
 */
type Slot = string | number | Uint8Array | undefined;

export const outbox: Slot[] = Object.setPrototypeOf([0], null);

/** Adds one effect. */
export function post(kind: number, a?: Slot, b?: Slot, c?: Slot, d?: Slot): void {
	const effects = outbox[0] as number;
	const at = 1 + effects * EFFECT_SLOTS;
	outbox[at] = kind;
	outbox[at + 1] = a;
	outbox[at + 2] = b;
	outbox[at + 3] = c;
	outbox[at + 4] = d;
	outbox[0] = effects + 1;
}
