/**
 * The machine's side of {@link ../effects.ts}. The outbox has no prototype: whatever a submission does to
 * Array.prototype, the host reads what was written here, and reading runs no code of the submission's.
 */
type Slot = string | number | Uint8Array | undefined;

export const outbox: Slot[] = Object.setPrototypeOf([], null);

/** Adds one effect. */
export function post(kind: number, a?: Slot, b?: Slot, c?: Slot, d?: Slot): void {
	let n = outbox.length;
	outbox[n++] = kind;
	outbox[n++] = a;
	outbox[n++] = b;
	outbox[n++] = c;
	outbox[n] = d;
}
